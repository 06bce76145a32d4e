// The address holds what is seen: a link opens the same view, from a folder as from a server.
(function (wm) {
  "use strict";

  wm.state = function (map) {
    // With several maps on one page the address is the first one's.
    if (document.querySelector(".wm-page") !== wm.pageOf(map)) return;
    var last = "", waiting = 0;
    function write() {
      waiting = 0;
      var text = stateOf(map);
      if (text === last) return;
      last = text;
      try {
        history.replaceState(null, "", text ? "#" + text : location.href.split("#")[0]);
      } catch (error) {
        // Some browsers forbid it to a page inside another; then there is no address to keep.
      }
    }
    function soon() { if (!waiting) waiting = setTimeout(write, 150); }
    restore(map, location.hash);
    last = stateOf(map);
    map.on("moveend wm:look wm:classes wm:choose wm:patterns", soon);
    window.addEventListener("hashchange", function () {
      if (location.hash.slice(1) !== last && location.hash.indexOf("=") > 0) restore(map, location.hash);
    });
  };

  function stateOf(map) {
    var data = wm.dataOf(map), parts = new URLSearchParams(), hidden = wm.hidden(map);
    if (data.touched) {
      var at = map.getCenter();
      parts.set("view", [at.lat.toFixed(5), at.lng.toFixed(5), map.getZoom()].join(","));
    }
    if (data.chosen >= 0) parts.set("area", wm.sentence(data.codes, data.chosen));
    if (wm.lookOf(map).id !== wm.looks(data)[0].id) parts.set("layer", data.look);
    hidden.forEach(function (name) { parts.append("hidden", name); });
    if (data.patterns) parts.set("patterns", "on");
    return parts.toString();
  }

  function restore(map, hash) {
    if (hash.indexOf("=") < 0) return;
    var data = wm.dataOf(map), parts = new URLSearchParams(hash.slice(1));
    wm.colourBy(map, parts.get("layer") || wm.looks(data)[0].id);
    wm.hide(map, parts.getAll("hidden"));
    if ((parts.get("patterns") === "on") !== !!data.patterns) wm.patterns(map, !data.patterns);
    var view = (parts.get("view") || "").split(",").map(Number);
    if (view.length === 3 && view.every(isFinite) && Math.abs(view[0]) < 90) {
      data.touched = true;
      map.setView([view[0], view[1]], view[2], { animate: false });
    }
    var found = parts.has("area") ? wm.areaOf(map, parts.get("area")) : -1;
    if (found >= 0) wm.choose(map, found); else wm.close(map);
  }

  wm.areaOf = function (map, code) {
    var data = wm.dataOf(map);
    for (var i = 0; i < data.count; i++) if (wm.sentence(data.codes, i) === code) return i;
    return -1;
  };
})(window.wmspatial);
