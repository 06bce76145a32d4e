// A browser does not let a page that was opened as a file read the pages beside it, so that the search
// could not quote from what it finds. It lists titles and sections then, and quotes on a server.
if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS !== "undefined") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}
