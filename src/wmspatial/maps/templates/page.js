// Draws the page's areas from the data beside it. Every word shown comes from that data, and is set
// as text, never as HTML.
window.wmspatial = window.wmspatial || (function () {
  "use strict";

  var ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  var VALUE = {};
  for (var k = 0; k < 64; k++) VALUE[ALPHABET.charAt(k)] = k;

  function dataOf(map) {
    if (!map.wmspatial) {
      map.wmspatial = JSON.parse(document.getElementById(map.getContainer().id + "-data").textContent);
    }
    return map.wmspatial;
  }

  // One ring: steps from point to point, 5 bits a letter, the sign in the last bit.
  function ring(text, origin, scale) {
    var points = [], at = [origin[0], origin[1]], axis = 0, value = 0, shift = 0;
    for (var i = 0; i < text.length; i++) {
      var bits = VALUE[text.charAt(i)];
      value |= (bits & 31) << shift;
      shift += 5;
      if (bits & 32) continue;
      at[axis] += value & 1 ? ~(value >>> 1) : value >>> 1;
      if (axis) points.push([at[1] / scale, at[0] / scale]);
      axis = 1 - axis;
      value = shift = 0;
    }
    return points;
  }

  function polygons(text, origin, scale) {
    return text.split(";").map(function (part) {
      return part.split(",").map(function (one) { return ring(one, origin, scale); });
    });
  }

  // A sentence is a pattern and the numbers that go into it.
  function sentence(folded, i) {
    var between = folded.patterns[folded.which[i]];
    if (between.length === 1) return between[0];
    var numbers = folded.numbers[i].split("|");
    return between.map(function (words, n) { return words + (numbers[n] || ""); }).join("");
  }

  function element(tag, name, text) {
    var made = document.createElement(tag);
    if (name) made.className = name;
    if (text) made.textContent = text;
    return made;
  }

  // Canvas takes a pattern where it takes a colour.
  function fill(category) {
    if (category.pattern !== "hatch") return category.colour;
    var tile = document.createElement("canvas"), pen = tile.getContext("2d");
    tile.width = tile.height = 6;
    pen.fillStyle = category.colour;
    pen.fillRect(0, 0, 6, 6);
    pen.strokeStyle = category.line;
    pen.beginPath();
    [-6, 0, 6].forEach(function (x) { pen.moveTo(x - 1, 7); pen.lineTo(x + 7, -1); });
    pen.stroke();
    return pen.createPattern(tile, "repeat") || category.colour;
  }

  function swatch(category) {
    var made = element("span", "wm-swatch", category.symbol);
    made.style.backgroundColor = category.colour;
    made.setAttribute("aria-hidden", "true");
    if (category.pattern === "hatch") made.classList.add("wm-hatch");
    if (dark(category.colour)) made.classList.add("wm-on-dark");
    return made;
  }

  function dark(colour) {
    var n = parseInt(colour.slice(1), 16);
    return 0.299 * (n >> 16) + 0.587 * ((n >> 8) & 255) + 0.114 * (n & 255) < 140;
  }

  function card(data, i, whole) {
    var made = element("div", "wm-card"), category = data.categories[data.category[i]];
    made.appendChild(element("strong", "wm-name", sentence(data.names, i)));
    var place = sentence(data.places, i);
    if (place) made.appendChild(element("div", "wm-place", place));
    var head = element("div", "wm-class");
    head.appendChild(swatch(category));
    head.appendChild(element("span", "", data.prefix + category.name));
    made.appendChild(head);
    var list = element("dl");
    data.fields.forEach(function (field) {
      var text = sentence(field.values, i);
      if (!text) return;
      list.appendChild(element("dt", "", field.label));
      list.appendChild(element("dd", "", text));
    });
    made.appendChild(list);
    if (whole) {
      made.appendChild(element("p", "wm-reason", sentence(data.reasons, i)));
      made.appendChild(element("p", "wm-code", sentence(data.codes, i)));
    }
    if (data.banner) made.appendChild(element("p", "wm-mark", data.banner));
    return made;
  }

  function areas(map, number) {
    var data = dataOf(map), category = data.categories[number], group = L.featureGroup();
    // Lines round very many areas would hide what is in them.
    var thin = data.shapes.length > 5000 ? 0.3 : 1;
    var style = {
      color: category.line,
      weight: thin * (category.loud ? 0.7 : 0.5),
      fillColor: fill(category),
      fillOpacity: !data.tiles ? 1 : category.loud ? 0.75 : 0.25,
      smoothFactor: 0.4
    };
    // Where somebody's own class and the reconstruction differ the line is broken.
    function lookOf(i) {
      if (data.differ.indexOf(i) < 0) return style;
      return L.extend({}, style, { color: "#000000", weight: 2.2, dashArray: "5 4" });
    }
    data.category.forEach(function (one, i) {
      if (one !== number) return;
      var area = L.polygon(polygons(data.shapes[i], data.origin, data.scale), lookOf(i));
      area.wmArea = i;
      group.addLayer(area);
    });
    group.on("mouseover", function (e) {
      e.propagatedFrom.setStyle({ color: "#000000", weight: 2.5 }).bringToFront();
    });
    group.on("mouseout", function (e) {
      var look = lookOf(e.propagatedFrom.wmArea);
      e.propagatedFrom.setStyle({ color: look.color, weight: look.weight });
    });
    group.bindTooltip(function (area) { return card(data, area.wmArea, false); },
      { sticky: true, className: "wm-tip", opacity: 1 });
    group.on("click", function (e) {
      group.closeTooltip();
      choose(map, data, e.propagatedFrom.wmArea, e.latlng);
      L.DomEvent.stopPropagation(e);
    });
    return group;
  }

  // Beside a large map the reason opens on it; a small one it would hide, so there it opens below.
  function choose(map, data, i, at) {
    var below = map.getContainer().closest(".wm-page").querySelector(".wm-chosen");
    below.textContent = "";
    below.hidden = map.getSize().x > 500;
    if (!below.hidden) {
      below.appendChild(card(data, i, true));
      below.scrollIntoView({ block: "nearest" });
      return;
    }
    L.popup({ className: "wm-popup", minWidth: 200, maxWidth: 300,
      maxHeight: Math.max(160, map.getSize().y - 80),
      autoPanPaddingTopLeft: [54, 10], autoPanPaddingBottomRight: [8, 10] })
      .setLatLng(at).setContent(card(data, i, true)).openOn(map);
  }

  // Every area in a table, for those who do not use the map: made when it is first opened.
  function each(map) {
    var data = dataOf(map), page = map.getContainer().closest(".wm-page");
    var fold = page.querySelector(".wm-each");
    fold.addEventListener("toggle", function () {
      var room = fold.querySelector(".wm-scroll");
      if (!fold.open || room.firstChild) return;
      var table = element("table"), body = element("tbody");
      table.appendChild(element("caption", "", fold.querySelector("summary").textContent +
        (data.banner ? ". " + data.banner : "")));
      var head = element("tr");
      ["Name", "Where", "Class", "Why"].forEach(function (text) {
        var cell = element("th", "", text);
        cell.scope = "col";
        head.appendChild(cell);
      });
      table.appendChild(element("thead")).appendChild(head);
      var order = data.category.map(function (_, i) { return i; });
      order.sort(function (a, b) { return data.category[a] - data.category[b] || a - b; });
      order.forEach(function (i) { body.appendChild(line(data, i)); });
      table.appendChild(body);
      room.appendChild(table);
    });
  }

  function line(data, i) {
    var row = element("tr"), name = element("th", "", sentence(data.names, i));
    name.scope = "row";
    row.appendChild(name);
    [sentence(data.places, i), data.prefix + data.categories[data.category[i]].name,
      sentence(data.reasons, i)].forEach(function (text) { row.appendChild(element("td", "", text)); });
    return row;
  }

  function outlines(map) {
    var data = dataOf(map), lines = data.outlines, group = L.featureGroup();
    var weight = lines.shapes.length > 40 ? 0.6 : 1.8;
    [["wm-outlines", 450], ["wm-numbers", 460]].forEach(function (pane) {
      if (map.getPane(pane[0])) return;
      map.createPane(pane[0]).style.zIndex = pane[1];
      map.getPane(pane[0]).style.pointerEvents = "none";
    });
    lines.shapes.forEach(function (text, i) {
      polygons(text, lines.origin, data.scale).forEach(function (rings) {
        rings.forEach(function (one) {
          group.addLayer(L.polygon(one, { pane: "wm-outlines", color: "#161616", weight: weight,
            fill: false, interactive: false, smoothFactor: 0.4 }));
        });
      });
      if (lines.numbers[i] === null || !lines.spots[i]) return;
      group.addLayer(L.marker([lines.spots[i][1], lines.spots[i][0]], {
        pane: "wm-numbers", interactive: false, keyboard: false,
        icon: L.divIcon({ className: "wm-number", iconSize: [24, 24],
          html: element("span", "", String(lines.numbers[i])) })
      }));
    });
    return group;
  }

  function start(map, corners) {
    var data = dataOf(map), box = map.getContainer(), touched = false;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", data.label);
    if (map.attributionControl) map.attributionControl.setPrefix("Leaflet");
    function whole() {
      map.invalidateSize({ animate: false, pan: false });
      map.fitBounds(corners, { animate: false, padding: [6, 6] });
    }
    ["pointerdown", "pointermove", "wheel", "keydown"].forEach(function (kind) {
      box.addEventListener(kind, function (event) {
        if (kind !== "pointermove") touched = true;
        // A finger opens the popup, which says more: a tooltip would only be in the way.
        if (event.pointerType) box.classList.toggle("wm-by-finger", event.pointerType === "touch");
        // The ring of focus is for the keyboard; Leaflet gives focus on a click as well.
        if (kind === "pointerdown") box.classList.add("wm-by-pointer");
        if (kind === "keydown") box.classList.remove("wm-by-pointer");
      }, { passive: true, capture: true });
    });
    box.addEventListener("blur", function () { box.classList.remove("wm-by-pointer"); });
    whole();
    if (window.ResizeObserver) {
      new ResizeObserver(function () { if (!touched) whole(); }).observe(box);
    }
    if (data.banner) {
      var mark = L.control({ position: "bottomright" });
      mark.onAdd = function () { return element("div", "wm-map-mark", data.banner); };
      mark.addTo(map);
    }
    each(map);
    printing(map, corners);
  }

  // Paper has another shape than the screen: the map is laid out anew for it, and all is unfolded.
  function printing(map, corners) {
    var box = map.getContainer(), page = box.closest(".wm-page"), view, opened = [], copies = [];
    window.addEventListener("beforeprint", function () {
      view = [map.getCenter(), map.getZoom()];
      map.closePopup();
      page.classList.add("wm-printing");
      map.invalidateSize({ animate: false, pan: false });
      map.fitBounds(corners, { animate: false, padding: [4, 4] });
      copies = drawing(map);
      if (document.activeElement) document.activeElement.blur();
      // Every area would fill fifty sheets: it stays folded unless it was opened.
      opened = Array.prototype.filter.call(page.querySelectorAll("details:not(.wm-each)"), function (one) {
        return !one.open;
      });
      opened.forEach(function (one) { one.open = true; });
    });
    window.addEventListener("afterprint", function () {
      page.classList.remove("wm-printing");
      copies.forEach(function (one) { one.remove(); });
      opened.forEach(function (one) { one.open = false; });
      map.invalidateSize({ animate: false, pan: false });
      if (view) map.setView(view[0], view[1], { animate: false });
    });
  }

  // Browsers leave a canvas out that is redrawn just before printing, and it would be coarse on
  // paper: what is on it is drawn once more as SVG.
  function drawing(map) {
    var sheets = {};
    map.eachLayer(function (layer) {
      if (!(layer instanceof L.Path) || layer._renderer instanceof L.SVG) return;
      var sheet = sheets[layer.options.pane] = sheets[layer.options.pane] ||
        map.getPane(layer.options.pane).appendChild(svg("svg", { "class": "wm-drawing" }));
      var shape = outline(layer);
      if (shape) sheet.appendChild(painted(shape, layer.options, sheet));
    });
    return Object.keys(sheets).map(function (pane) { return sheets[pane]; });
  }

  function svg(tag, attributes) {
    var made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    return made;
  }

  function outline(layer) {
    if (layer._point) return svg("circle", { cx: layer._point.x, cy: layer._point.y, r: layer._radius });
    if (!layer._parts || !layer._parts.length) return null;
    var close = layer instanceof L.Polygon ? "z" : "";
    return svg("path", { d: layer._parts.map(function (part) {
      return "M" + part.map(function (at) { return at.x + " " + at.y; }).join("L") + close;
    }).join("") });
  }

  function painted(shape, style, sheet) {
    var inside = !style.fill ? "none" : style.fillColor || style.color;
    if (typeof inside === "object") inside = hatched(sheet, style);
    var look = {
      fill: inside, "fill-opacity": style.fillOpacity, "fill-rule": "evenodd",
      stroke: style.stroke ? style.color : "none", "stroke-width": style.weight,
      "stroke-opacity": style.opacity, "stroke-linejoin": "round"
    };
    Object.keys(look).forEach(function (key) { shape.setAttribute(key, look[key]); });
    return shape;
  }

  function hatched(sheet, style) {
    if (!sheet.querySelector("pattern")) {
      var tile = svg("pattern", { id: "wm-hatch", width: 5, height: 5,
        patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
      tile.appendChild(svg("rect", { width: 5, height: 5, fill: "#dddddd" }));
      tile.appendChild(svg("rect", { width: 1.5, height: 5, fill: style.color }));
      sheet.appendChild(tile);
    }
    return "url(#wm-hatch)";
  }

  return { areas: areas, outlines: outlines, start: start, sentence: sentence, polygons: polygons };
})();
