// Finding a place: by the name of a neighbourhood, a ward or an authority, or by code; and the tools
// beside it: what to colour by, patterns, and the way back.
(function (wm) {
  "use strict";

  var element = wm.element, sentence = wm.sentence, MOST = 12;
  var KINDS = { authority: "Authority", ward: "Ward", area: "" };

  // What people type is not always what is written: accents, "&", apostrophes, hyphens.
  function plain(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/&/g, " and ")
      .replace(/['’`.]/g, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  }

  // Everything that can be found, put together when somebody first searches.
  function placesOf(map) {
    var data = wm.dataOf(map), wards = new Map(), found = [], inside = data.outlines.names.map(function () { return []; });
    if (data.index) return data.index;
    var within = data.authority || [];
    for (var i = 0; i < data.count; i++) {
      var name = sentence(data.names, i), where = sentence(data.places, i), code = sentence(data.codes, i);
      found.push({ kind: "area", name: name, where: where, areas: [i], words: plain(name + " " + where), code: plain(code) });
      if (within[i] >= 0) inside[within[i]].push(i);
      if (!data.wards || !where) continue;
      if (!wards.has(where)) wards.set(where, []);
      wards.get(where).push(i);
    }
    // Wards and authorities have commas in their names.
    wards.forEach(function (areas, where) {
      var authority = data.outlines.names[within[areas[0]]] || "", end = ", " + authority;
      var name = authority && where.slice(-end.length) === end ? where.slice(0, -end.length) : where;
      if (name === authority) return;
      found.push({ kind: "ward", name: name, where: authority, areas: areas, words: plain(where), code: "" });
    });
    data.outlines.names.forEach(function (name, k) {
      if (name && inside[k].length) found.push({ kind: "authority", name: name, where: "", areas: inside[k], words: plain(name), code: "" });
    });
    found.forEach(function (one) { one.plain = plain(one.name); });
    return data.index = found;
  }

  var ORDER = { authority: 0, ward: 1, area: 2 };

  function search(map, text) {
    var asked = plain(text), words = asked.split(" "), found = [];
    if (!asked) return found;
    placesOf(map).forEach(function (one) {
      var rank = one.code === asked ? 0 : one.plain === asked ? 1 : one.plain.indexOf(asked) === 0 ? 2
        : one.code && asked.length > 2 && one.code.indexOf(asked) === 0 ? 3
        : words.every(function (word) { return (" " + one.plain).indexOf(" " + word) >= 0; }) ? 4
        : words.every(function (word) { return (" " + one.words).indexOf(" " + word) >= 0; }) ? 5
        : asked.length > 3 && one.plain.indexOf(asked) >= 0 ? 6 : -1;
      if (rank >= 0) found.push([rank, ORDER[one.kind], one]);
    });
    found.sort(function (a, b) {
      return a[0] - b[0] || a[1] - b[1] || (a[2].plain < b[2].plain ? -1 : a[2].plain > b[2].plain ? 1 : 0);
    });
    return found.map(function (one) { return one[2]; });
  }

  wm.goTo = function (map, areas) {
    var sheet = wm.sheetOf(map), box = [Infinity, Infinity, -Infinity, -Infinity];
    areas.forEach(function (i) {
      for (var k = 0; k < 4; k++) box[k] = Math[k < 2 ? "min" : "max"](box[k], sheet.boxes[4 * i + k]);
    });
    wm.dataOf(map).touched = true;
    map.fitBounds(L.latLngBounds(map.unproject([box[0], box[1]], 0), map.unproject([box[2], box[3]], 0)),
      { maxZoom: 14, padding: [20, 20], animate: !wm.calm() });
  };

  function go(map, one) {
    wm.goTo(map, one.areas);
    if (one.kind === "area") wm.choose(map, one.areas[0], true);
    else wm.say(map, "The map shows " + one.name + ", " + one.areas.length + " areas");
  }

  function finder(map) {
    var id = map.getContainer().id, box = element("div", "wm-search"), input = element("input"), list = element("ul");
    var label = box.appendChild(element("label", "", "Find a place")), found = [], at = -1;
    label.htmlFor = input.id = id + "-find";
    list.id = id + "-found";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Places found");
    list.hidden = true;
    input.type = "text";
    input.placeholder = wm.dataOf(map).hint || "";
    [["role", "combobox"], ["autocomplete", "off"], ["spellcheck", "false"], ["aria-autocomplete", "list"],
      ["aria-expanded", "false"], ["aria-controls", list.id]].forEach(function (pair) { input.setAttribute(pair[0], pair[1]); });
    box.appendChild(input);
    box.appendChild(list);

    function shut() {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }
    function pick(k) {
      var one = found[k];
      input.value = one.name;
      shut();
      go(map, one);
    }
    function mark(k) {
      at = k;
      Array.prototype.forEach.call(list.children, function (row, n) {
        row.setAttribute("aria-selected", String(n === k));
        if (n === k) row.scrollIntoView({ block: "nearest" });
      });
      if (k >= 0) input.setAttribute("aria-activedescendant", list.children[k].id);
    }
    function look() {
      var all = search(map, input.value);
      found = all.slice(0, MOST);
      shut();
      list.textContent = "";
      if (!input.value.trim()) return;
      found.forEach(function (one, k) {
        var row = list.appendChild(element("li")), more = [KINDS[one.kind], one.where].filter(Boolean).join(" in ");
        row.id = list.id + "-" + k;
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", "false");
        row.appendChild(element("b", "", one.name));
        if (more) row.appendChild(element("span", "", " " + more));
        row.addEventListener("pointerdown", function (event) { event.preventDefault(); });
        row.addEventListener("click", function () { pick(k); });
      });
      list.hidden = !found.length;
      input.setAttribute("aria-expanded", String(!!found.length));
      wm.say(map, !all.length ? "No place found" : all.length === 1 ? "One place found"
        : all.length > MOST ? all.length + " places found, the first " + MOST + " are listed" : all.length + " places found");
      none.hidden = !!all.length;
    }
    var none = box.appendChild(element("p", "wm-none", "No place of that name or code."));
    none.hidden = true;
    input.addEventListener("input", function () { none.hidden = true; look(); });
    input.addEventListener("focus", function () { setTimeout(function () { placesOf(map); }, 0); });
    input.addEventListener("blur", function () { setTimeout(shut, 100); });
    input.addEventListener("keydown", function (event) {
      var open = !list.hidden, last = found.length - 1;
      if (event.key === "ArrowDown" && open) mark(at < last ? at + 1 : 0);
      else if (event.key === "ArrowUp" && open) mark(at > 0 ? at - 1 : last);
      else if (event.key === "ArrowDown") look();
      else if (event.key === "Enter" && open) pick(Math.max(0, at));
      else if (event.key === "Escape" && (open || input.value)) { input.value = ""; none.hidden = true; shut(); }
      else return;
      event.preventDefault();
    });
    wm.dataOf(map).clear = function () { input.value = ""; none.hidden = true; shut(); };
    return box;
  }

  function chooser(map) {
    var data = wm.dataOf(map), box = element("div", "wm-by"), label = box.appendChild(element("label", "", "Colour by"));
    var select = box.appendChild(element("select"));
    label.htmlFor = select.id = map.getContainer().id + "-by";
    wm.looks(data).forEach(function (look) {
      var one = select.appendChild(element("option", "", look.label));
      one.value = look.id;
    });
    select.addEventListener("change", function () { wm.colourBy(map, select.value); });
    map.on("wm:look", function () { select.value = wm.lookOf(map).id; });
    return box;
  }

  function patterns(map) {
    var made = wm.button("wm-tool", "Patterns", function () { wm.patterns(map, !wm.dataOf(map).patterns); });
    made.title = "Patterns beside colours, for print in grey";
    made.setAttribute("aria-pressed", "false");
    map.on("wm:patterns", function () { made.setAttribute("aria-pressed", String(!!wm.dataOf(map).patterns)); });
    return made;
  }

  function reset(map) {
    return wm.button("wm-tool", "Start again", function () {
      var data = wm.dataOf(map);
      wm.close(map);
      map.closePopup();
      data.clear();
      wm.colourBy(map, wm.looks(data)[0].id);
      wm.hide(map, []);
      data.touched = false;
      wm.whole(map);
      map.fire("wm:choose");
      wm.say(map, "The map is as at first");
    });
  }

  // A name in the key goes there on the map.
  function key(map) {
    Array.prototype.forEach.call(wm.pageOf(map).querySelectorAll(".wm-key li"), function (row) {
      var name = row.lastChild.textContent.trim(), made = wm.button("wm-link", "", function () {
        placesOf(map).some(function (one) {
          if (one.kind !== "authority" || one.name.trim() !== name) return false;
          go(map, one);
          return true;
        });
      });
      made.title = "Go there on the map";
      while (row.firstChild) made.appendChild(row.firstChild);
      row.appendChild(made);
    });
  }

  wm.tools = function (map) {
    var bar = wm.pageOf(map).querySelector(".wm-tools");
    bar.appendChild(finder(map));
    if (wm.looks(wm.dataOf(map)).length > 1) bar.appendChild(chooser(map));
    bar.appendChild(patterns(map));
    bar.appendChild(reset(map));
    bar.hidden = false;
    key(map);
  };

  wm.find = search;
  wm.places = placesOf;
})(window.wmspatial);
