// Signs on canvas and in the legend. Pages without Leaflet use them as well.
(function (wm) {
  "use strict";

  // Signs that fill an area beside its colour, and that tell classes apart without any colour.
  var SIGNS = ["M-2 2L2 -2M-1 9L9 -1M6 10L10 6", "M2 2h.01M6 6h.01", "M0 4H8M4 0V8",
    "M-2 6L2 10M-1 -1L9 9M6 -2L10 2", "M0 2H8M0 6H8", "M2 0V8M6 0V8", "M0 0L8 8M0 8L8 0", "M0 4L4 0L8 4L4 8z"];

  function tile(category, patterns, number) {
    var hatch = category.pattern === "hatch";
    if (!hatch && !(patterns && category.loud)) return null;
    return { size: hatch ? 6 : 8, ground: category.colour, width: hatch ? 1 : number % SIGNS.length === 1 ? 2.6 : 1.4,
      line: hatch ? category.line : wm.dark(category.colour) ? "#ffffff" : "#1d1d1f",
      path: hatch ? "M-1 7L7 -1M-7 7L1 -1M5 7L13 -1" : SIGNS[number % SIGNS.length] };
  }

  function painted(tile) {
    var paper = document.createElement("canvas"), pen = paper.getContext("2d");
    paper.width = paper.height = tile.size;
    pen.fillStyle = tile.ground;
    pen.fillRect(0, 0, tile.size, tile.size);
    pen.strokeStyle = tile.line;
    pen.lineWidth = tile.width;
    pen.lineCap = "round";
    pen.stroke(new Path2D(tile.path));
    return paper;
  }

  // Canvas takes a pattern where it takes a colour.
  function fill(category, patterns, number) {
    var found = tile(category, patterns, number);
    if (!found) return category.colour;
    var pattern = painted(found), pen = pattern.getContext("2d");
    pattern = pen.createPattern(pattern, "repeat");
    if (pattern) pattern.tile = found;
    return pattern || category.colour;
  }

  wm.fill = fill;
  wm.tile = tile;
  wm.picture = function (tile) { return painted(tile).toDataURL(); };
})(window.wmspatial);

// The layers of the page: areas, one layer a category, and outlines. They are paths of Leaflet on
// its own canvas, so that whatever else is put on the map lies above or below as anywhere else.
(function (wm) {
  "use strict";

  if (!window.L) return;

  // Pixels across most areas: with fewer there are no lines round them, with more these are whole.
  var NO_LINES = 3, ALL_LINES = 8;
  // Outlines of more authorities than this are thin where all of them are in view.
  var MANY = 40;

  var Drawn = L.Path.extend({
    initialize: function (sheet, box, options) {
      L.setOptions(this, options);
      this.sheet = sheet;
      this.box = box;
    },
    getBounds: function () {
      var map = this.sheet.map, box = this.box;
      return L.latLngBounds(map.unproject([box[0], box[1]], 0), map.unproject([box[2], box[3]], 0));
    },
    getCenter: function () { return this.getBounds().getCenter(); },
    _project: function () {
      // A category that nothing is in has no place.
      this._pxBounds = isFinite(this.box[0]) ? this.sheet.pixels(this.box) : null;
    },
    _update: function () {},
    _containsPoint: function () { return false; },
    // In view, or in the part of it that is drawn anew.
    _seen: function (box) {
      return this.sheet.pixels(box).intersects(this._renderer._redrawBounds || this._renderer._bounds);
    }
  });

  var Areas = Drawn.extend({
    initialize: function (sheet, theme, number, options) {
      this.theme = theme;
      this.number = number;
      this.groups = theme.groups.filter(function (group) { return group.category === number; });
      var box = [Infinity, Infinity, -Infinity, -Infinity];
      this.groups.forEach(function (group) {
        box = [Math.min(box[0], group.box[0]), Math.min(box[1], group.box[1]),
          Math.max(box[2], group.box[2]), Math.max(box[3], group.box[3])];
      });
      Drawn.prototype.initialize.call(this, sheet, box, options);
    },
    // What the map is about is drawn last, so that no line of its neighbours lies on it.
    onAdd: function (map) {
      Drawn.prototype.onAdd.call(this, map);
      this.sheet.layers.forEach(function (layer) { if (layer._map) layer.bringToBack(); });
    },
    areas: function () {
      return this.groups.reduce(function (list, group) { return list.concat(group.areas); }, []);
    },
    at: function (point) { return this.sheet.at(point, this.theme.category, this.number); },
    _containsPoint: function (point) { return this.at(point) >= 0; },
    _weight: function () {
      var size = this.sheet.typical * Math.pow(2, this.sheet.map.getZoom());
      return this.options.weight * Math.max(0, Math.min(1, (size - NO_LINES) / (ALL_LINES - NO_LINES)));
    },
    _updatePath: function () {
      var sheet = this.sheet, pen = this._renderer._ctx, look = this.options, weight = this._weight();
      var zoom = sheet.map.getZoom(), fills = [], lines = [];
      var seen = this.groups.filter(function (group) { return this._seen(group.box); }, this);
      pen.globalAlpha = look.fillOpacity;
      pen.fillStyle = look.fillColor;
      seen.forEach(function (group) {
        var paths = sheet.paths(group, zoom), fill = sheet.placed(paths.fill, paths.from);
        pen.fill(fill, "evenodd");
        fills.push(fill);
        if (weight) lines.push(sheet.placed(paths.lines, paths.from));
      });
      pen.globalAlpha = 1;
      pen.lineJoin = "round";
      // Without lines a thin edge in the fill's own colour closes the seam between neighbours: a
      // very thin one where the map is loud, or its smallest areas would look larger than they are.
      pen.strokeStyle = weight ? look.color : look.fillColor;
      pen.lineWidth = weight || (look.loud ? 0.2 : 0.8);
      if (weight || look.fillOpacity === 1) fills.concat(lines).forEach(function (path) { pen.stroke(path); });
      this._broken(seen, pen);
    },
    // Where somebody's own class and the reconstruction differ the line is broken.
    _broken: function (groups, pen) {
      var sheet = this.sheet;
      if (!sheet.data.differ.length) return;
      pen.setLineDash([5, 4]);
      pen.strokeStyle = "#000000";
      pen.lineWidth = 2.2;
      groups.forEach(function (group) {
        group.areas.forEach(function (i) { if (sheet.differ[i]) pen.stroke(new Path2D(sheet.outline(i))); });
      });
      pen.setLineDash([]);
    },
    // For paper: every area by itself.
    outlines: function (draw) {
      var sheet = this.sheet, style = L.extend({}, this.options, { weight: this._weight() });
      var broken = L.extend({}, style, { color: "#000000", weight: 2.2, dashArray: "5 4" });
      this.areas().forEach(function (i) { draw(sheet.outline(i), sheet.differ[i] ? broken : style); });
    }
  });

  var Lines = Drawn.extend({
    initialize: function (sheet, arcs, options) {
      var box = [Infinity, Infinity, -Infinity, -Infinity], s = sheet.shapes;
      arcs.forEach(function (arc) {
        for (var p = s.arcs[arc]; p < s.arcs[arc + 1]; p++) {
          box = [Math.min(box[0], s.x[p]), Math.min(box[1], s.y[p]),
            Math.max(box[2], s.x[p]), Math.max(box[3], s.y[p])];
        }
      });
      this.arcs = arcs;
      Drawn.prototype.initialize.call(this, sheet, box, options);
    },
    _updatePath: function () {
      var sheet = this.sheet, pen = this._renderer._ctx, level = sheet.detail(sheet.map.getZoom()).level;
      if (!this.made || this.level !== level) {
        this.made = sheet.lines(this.arcs, this.box, sheet.map.getZoom());
        this.level = level;
      }
      pen.strokeStyle = this.options.color;
      pen.lineWidth = this._weight();
      pen.lineJoin = pen.lineCap = "round";
      pen.stroke(sheet.placed(this.made.path, this.made.from));
    },
    _weight: function () {
      if (this.sheet.data.outlines.names.length <= MANY) return this.options.weight;
      return Math.max(0.6, Math.min(this.options.weight, 0.6 + 0.4 * (this.sheet.map.getZoom() - 8)));
    },
    outlines: function (draw) {
      var sheet = this.sheet, style = L.extend({}, this.options, { weight: this._weight() });
      for (var i = sheet.data.count; i < sheet.shapes.shapes.length - 1; i++) draw(sheet.outline(i), style);
    }
  });

  function pane(map, name, above) {
    if (map.getPane(name)) return;
    map.createPane(name).style.zIndex = above;
    map.getPane(name).style.pointerEvents = "none";
    // Numbers and lines without their places say nothing to the ear: key, panel and tables do.
    map.getPane(name).setAttribute("aria-hidden", "true");
  }

  // The line round the area that is pointed at.
  function ringOf(map, sheet) {
    if (sheet.ring) return sheet.ring;
    pane(map, "wm-pointed", 440);
    sheet.ring = L.polygon([], { pane: "wm-pointed", renderer: L.svg({ pane: "wm-pointed" }),
      color: "#000000", weight: 2.5, fill: false, interactive: false }).addTo(map);
    return sheet.ring;
  }

  function areas(map, number) { return layerOf(map, wm.looks(wm.dataOf(map))[0], number); }

  // The areas of one class of what the map is coloured by.
  function layerOf(map, look, number) {
    var sheet = wm.sheetOf(map), data = sheet.data, category = look.categories[number], pointed = -1;
    var layer = new Areas(sheet, sheet.theme(look.category), number, {
      color: category.line,
      weight: category.loud ? 0.7 : 0.5,
      loud: category.loud,
      fill: true,
      fillColor: wm.fill(category, data.patterns, number),
      fillOpacity: !data.tiles ? 1 : category.loud ? 0.75 : 0.25
    });
    sheet.layers.push(layer);
    layer.on("mouseover mousemove", function (e) {
      var i = layer.at(e.layerPoint);
      if (i < 0 || i === pointed) return;
      pointed = i;
      ringOf(map, sheet).setLatLngs(sheet.degrees(i));
      if (layer.isTooltipOpen()) layer.getTooltip().update();
    });
    layer.on("mouseout remove", function () {
      pointed = -1;
      if (sheet.ring) sheet.ring.setLatLngs([]);
    });
    layer.bindTooltip(function () { return wm.card(map, pointed, false); },
      { sticky: true, className: "wm-tip", opacity: 1 });
    layer.on("click", function (e) {
      var i = layer.at(e.layerPoint);
      if (i < 0) return;
      layer.closeTooltip();
      wm.choose(map, i);
      L.DomEvent.stopPropagation(e);
    });
    return layer;
  }

  function outlines(map) {
    var sheet = wm.sheetOf(map), lines = sheet.data.outlines, group = L.featureGroup();
    pane(map, "wm-outlines", 450);
    pane(map, "wm-numbers", 460);
    var all = lines.names.map(function (_, i) { return sheet.data.count + i; }), arcs = new Set();
    sheet.refsOf(all, function (ref) { arcs.add(ref < 0 ? ~ref : ref); });
    group.addLayer(new Lines(sheet, Array.from(arcs), { pane: "wm-outlines", color: "#161616",
      weight: 1.8, fill: false, interactive: false }));
    lines.spots.forEach(function (spot, i) {
      if (!spot || lines.numbers[i] === null) return;
      group.addLayer(L.marker([spot[1], spot[0]], {
        pane: "wm-numbers", interactive: false, keyboard: false,
        icon: L.divIcon({ className: "wm-number", iconSize: [24, 24],
          html: wm.element("span", "", String(lines.numbers[i])) })
      }));
    });
    wm.begin(map);
    // The last of the page's own layers: what goes wrong from here on is not the page's.
    wm.started = true;
    return group;
  }

  // Which areas are on the map now.
  function shown(map) {
    return wm.sheetOf(map).layers.reduce(function (list, layer) {
      return map.hasLayer(layer) ? list.concat(layer.areas()) : list;
    }, []);
  }

  // The rings of an area, latitude and longitude.
  wm.polygon = function (map, i) { return wm.sheetOf(map).degrees(i); };
  wm.areas = areas;
  wm.layer = layerOf;
  wm.pane = pane;
  wm.outlines = outlines;
  wm.shown = shown;
})(window.wmspatial);
