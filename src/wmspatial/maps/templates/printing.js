// Print: paper has another shape than the screen, and takes lines rather than dots.
(function (wm) {
  "use strict";

  // Paper has another shape than the screen: the map is laid out anew for it, and all is unfolded.
  function printing(map, corners) {
    var box = map.getContainer(), page = box.closest(".wm-page"), view, folded, copies = [];
    window.addEventListener("beforeprint", function () {
      view = [map.getCenter(), map.getZoom()];
      map.closePopup();
      page.classList.add("wm-printing");
      map.invalidateSize({ animate: false, pan: false });
      map.fitBounds(corners, { animate: false, padding: [4, 4] });
      copies = drawing(map);
      if (document.activeElement) document.activeElement.blur();
      folded = unfold(page);
    });
    window.addEventListener("afterprint", function () {
      page.classList.remove("wm-printing");
      copies.forEach(function (one) { one.remove(); });
      folded();
      map.invalidateSize({ animate: false, pan: false });
      if (view) map.setView(view[0], view[1], { animate: false });
    });
  }

  // Every area would fill fifty sheets: it stays folded unless it was opened. Returns the way back.
  function unfold(page) {
    var opened = Array.prototype.filter.call(page.querySelectorAll("details:not(.wm-each)"), function (one) {
      return !one.open;
    });
    opened.forEach(function (one) { one.open = true; });
    return function () { opened.forEach(function (one) { one.open = false; }); };
  }

  // Browsers leave a canvas out that is redrawn just before printing, and it would be coarse on
  // paper: what is on it is drawn once more as SVG.
  function drawing(map) {
    var sheets = {};
    map.eachLayer(function (layer) {
      if (!(layer instanceof L.Path) || layer._renderer instanceof L.SVG) return;
      var sheet = sheets[layer.options.pane] = sheets[layer.options.pane] ||
        map.getPane(layer.options.pane).appendChild(svg("svg", { "class": "wm-drawing" }));
      if (layer.outlines) {
        layer.outlines(function (d, style) { sheet.appendChild(painted(svg("path", { d: d }), style, sheet)); });
        return;
      }
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
    if (typeof inside === "object") inside = inside.tile ? hatched(sheet, style) : style.color;
    var look = {
      fill: inside, "fill-opacity": style.fillOpacity, "fill-rule": "evenodd",
      stroke: style.stroke ? style.color : "none", "stroke-width": style.weight,
      "stroke-opacity": style.opacity, "stroke-linejoin": "round"
    };
    if (style.dashArray) look["stroke-dasharray"] = style.dashArray;
    Object.keys(look).forEach(function (key) { shape.setAttribute(key, look[key]); });
    return shape;
  }

  function hatched(sheet, style) {
    var tile = style.fillColor.tile;
    var id = "wm-tile-" + (tile.ground + tile.path).replace(/[^a-z0-9]/gi, "_");
    if (!sheet.querySelector("#" + id)) {
      var made = svg("pattern", { id: id, width: tile.size, height: tile.size, patternUnits: "userSpaceOnUse" });
      made.appendChild(svg("rect", { width: tile.size, height: tile.size, fill: tile.ground }));
      made.appendChild(svg("path", { d: tile.path, fill: "none", stroke: tile.line, "stroke-width": tile.width,
        "stroke-linecap": "round" }));
      sheet.appendChild(made);
    }
    return "url(#" + id + ")";
  }

  wm.printing = printing;
  wm.unfold = unfold;
  wm.svg = svg;
  wm.painted = painted;
})(window.wmspatial);
