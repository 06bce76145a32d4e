// The sheet of areas: flat arrays of arcs instead of an object an area. It finds the area at a
// point, and makes what is drawn: what is filled alike is dissolved, and edges inside are lines.
(function (wm) {
  "use strict";

  // Areas that are drawn together: few enough to leave out what is not in view.
  var GROUP = 600;

  function sheetOf(map) {
    var data = wm.dataOf(map);
    if (!data.sheet) data.sheet = new Sheet(map, data);
    return data.sheet;
  }

  function Sheet(map, data) {
    var shapes = wm.topology(data.topology);
    data.topology = null;
    this.map = map;
    this.data = data;
    this.shapes = shapes;
    this.boxes = boxes(shapes, data.count);
    this.mark = new Int32Array(shapes.from.length);
    this.stamp = 0;
    this.layers = [];
    this.themes = new Map();
    this.typical = typical(this.boxes, data.count);
    this.index = index(this.boxes, data.count);
    this.differ = {};
    Array.prototype.forEach.call(data.differ, function (i) { this.differ[i] = true; }, this);
  }

  // West, north, east, south of each area, in the world at zoom 0.
  function boxes(s, count) {
    var out = new Float64Array(4 * count);
    for (var i = 0; i < count; i++) {
      var w = Infinity, n = Infinity, e = -Infinity, t = -Infinity;
      for (var r = s.rings[s.shapes[i]]; r < s.rings[s.shapes[i + 1]]; r++) {
        var arc = s.refs[r] < 0 ? ~s.refs[r] : s.refs[r];
        for (var p = s.arcs[arc]; p < s.arcs[arc + 1]; p++) {
          if (s.x[p] < w) w = s.x[p];
          if (s.x[p] > e) e = s.x[p];
          if (s.y[p] < n) n = s.y[p];
          if (s.y[p] > t) t = s.y[p];
        }
      }
      out.set([w, n, e, t], 4 * i);
    }
    return out;
  }

  function grow(box, boxes, i) {
    box[0] = Math.min(box[0], boxes[4 * i]);
    box[1] = Math.min(box[1], boxes[4 * i + 1]);
    box[2] = Math.max(box[2], boxes[4 * i + 2]);
    box[3] = Math.max(box[3], boxes[4 * i + 3]);
  }

  function around(boxes, list) {
    var box = [Infinity, Infinity, -Infinity, -Infinity];
    list.forEach(function (i) { grow(box, boxes, i); });
    return box;
  }

  // One way to colour the map: the category of every area, and the groups that are drawn for it.
  Sheet.prototype.theme = function (category) {
    if (!this.themes.has(category)) {
      this.themes.set(category, { category: category, groups: groups(this.boxes, category) });
    }
    return this.themes.get(category);
  };

  function groups(boxes, category) {
    var all = Array.from({ length: category.length }, function (_, i) { return i; });
    var whole = around(boxes, all), side = Math.ceil(Math.sqrt(all.length / GROUP)) || 1, found = {};
    all.forEach(function (i) {
      var column = Math.floor(side * ((boxes[4 * i] + boxes[4 * i + 2]) / 2 - whole[0]) / (whole[2] - whole[0]));
      var row = Math.floor(side * ((boxes[4 * i + 1] + boxes[4 * i + 3]) / 2 - whole[1]) / (whole[3] - whole[1]));
      var key = category[i] + ":" + column + ":" + row;
      (found[key] = found[key] || { category: category[i], areas: [] }).areas.push(i);
    });
    return Object.keys(found).map(function (key) {
      found[key].box = around(boxes, found[key].areas);
      return found[key];
    });
  }

  // How wide most areas are: lines are left out where they would hide what is between them.
  function typical(boxes, count) {
    var sizes = new Float64Array(count);
    for (var i = 0; i < count; i++) {
      sizes[i] = Math.sqrt((boxes[4 * i + 2] - boxes[4 * i]) * (boxes[4 * i + 3] - boxes[4 * i + 1]));
    }
    return sizes.sort()[count >> 1] || 0;
  }

  // Which areas each cell of a grid may touch.
  function index(boxes, count) {
    var all = Array.from({ length: count }, function (_, i) { return i; }), whole = around(boxes, all);
    var side = Math.ceil(Math.sqrt(count)) || 1, cells = {};
    var across = (whole[2] - whole[0]) / side || 1, down = (whole[3] - whole[1]) / side || 1;
    all.forEach(function (i) {
      var right = Math.floor((boxes[4 * i + 2] - whole[0]) / across);
      var low = Math.floor((boxes[4 * i + 3] - whole[1]) / down);
      for (var row = Math.floor((boxes[4 * i + 1] - whole[1]) / down); row <= low; row++) {
        for (var column = Math.floor((boxes[4 * i] - whole[0]) / across); column <= right; column++) {
          (cells[row * 65536 + column] = cells[row * 65536 + column] || []).push(i);
        }
      }
    });
    return function (x, y) {
      return cells[Math.floor((y - whole[1]) / down) * 65536 + Math.floor((x - whole[0]) / across)] || [];
    };
  }

  Sheet.prototype.contains = function (i, x, y) {
    var s = this.shapes, b = this.boxes, inside = false;
    if (x < b[4 * i] || y < b[4 * i + 1] || x > b[4 * i + 2] || y > b[4 * i + 3]) return false;
    for (var r = s.rings[s.shapes[i]]; r < s.rings[s.shapes[i + 1]]; r++) {
      var arc = s.refs[r] < 0 ? ~s.refs[r] : s.refs[r];
      for (var p = s.arcs[arc] + 1; p < s.arcs[arc + 1]; p++) {
        if (s.y[p] > y !== s.y[p - 1] > y &&
            x < (s.x[p - 1] - s.x[p]) * (y - s.y[p]) / (s.y[p - 1] - s.y[p]) + s.x[p]) inside = !inside;
      }
    }
    return inside;
  };

  // The area at a point of the layer, if it is of that category.
  Sheet.prototype.at = function (point, category, number) {
    var at = this.map.getPixelOrigin().add(point).divideBy(Math.pow(2, this.map.getZoom()));
    var near = this.index(at.x, at.y);
    for (var k = 0; k < near.length; k++) {
      if (category[near[k]] === number && this.contains(near[k], at.x, at.y)) return near[k];
    }
    return -1;
  };

  // Arcs with no more detail than a zoom can show, half a pixel. Ends stay where they are.
  Sheet.prototype.detail = function (zoom) {
    var s = this.shapes, level = Math.min(Math.ceil(zoom), 15);
    if (level === 15 && this.fine) return this.fine;
    if (this.coarse && this.coarse.level === level) return this.coarse;
    var least = level === 15 ? 0 : 0.5 / Math.pow(2, level), keep = new Int32Array(s.x.length);
    var arcs = new Int32Array(s.arcs.length), count = 0;
    for (var arc = 0; arc < s.from.length; arc++) {
      arcs[arc] = count;
      var x = s.x[s.arcs[arc]], y = s.y[s.arcs[arc]], end = s.arcs[arc + 1] - 1;
      keep[count++] = s.arcs[arc];
      for (var p = s.arcs[arc] + 1; p < end; p++) {
        if (Math.abs(s.x[p] - x) < least && Math.abs(s.y[p] - y) < least) continue;
        keep[count++] = p;
        x = s.x[p];
        y = s.y[p];
      }
      keep[count++] = end;
    }
    arcs[arcs.length - 1] = count;
    var made = { level: level, arcs: arcs, keep: keep, paths: new Map() };
    this[level === 15 ? "fine" : "coarse"] = made;
    return made;
  };

  // Goes along an arc, from either end; coordinates are from a corner near by, as canvas is coarse.
  function along(sheet, detail, ref, from, pen, start) {
    var s = sheet.shapes, arc = ref < 0 ? ~ref : ref, k = detail.arcs[arc], end = detail.arcs[arc + 1];
    var scale = from[2];
    for (var step = 0; step < end - k; step++) {
      if (!step && !start) continue;
      var p = detail.keep[ref < 0 ? end - 1 - step : k + step];
      if (!step) pen.moveTo((s.x[p] - from[0]) * scale, (s.y[p] - from[1]) * scale);
      else pen.lineTo((s.x[p] - from[0]) * scale, (s.y[p] - from[1]) * scale);
    }
  }

  Sheet.prototype.refsOf = function (areas, visit) {
    var s = this.shapes;
    areas.forEach(function (i) {
      for (var r = s.rings[s.shapes[i]]; r < s.rings[s.shapes[i + 1]]; r++) visit(s.refs[r]);
    });
  };

  // Arcs that areas have once are the edge of them all; those that they share lie inside.
  Sheet.prototype.edge = function (areas) {
    var mark = this.mark, once = ++this.stamp, twice = ++this.stamp, list = [], inner = [];
    this.refsOf(areas, function (ref) {
      var arc = ref < 0 ? ~ref : ref;
      if (mark[arc] === once) { mark[arc] = twice; inner.push(arc); } else { mark[arc] = once; list.push(arc); }
    });
    return { outer: list.filter(function (arc) { return mark[arc] === once; }), inner: inner };
  };

  // Puts arcs end to end; as many arcs of an edge come to a point as leave it.
  Sheet.prototype.chains = function (arcs) {
    var s = this.shapes, at = new Map(), used = this.mark, done = ++this.stamp, chains = [];
    function note(node, ref) {
      var there = at.get(node);
      if (there) there.push(ref); else at.set(node, [ref]);
    }
    arcs.forEach(function (arc) { note(s.from[arc], arc); note(s.to[arc], ~arc); });
    arcs.forEach(function (first) {
      if (used[first] === done) return;
      var chain = [], ref = first;
      while (ref !== undefined) {
        var arc = ref < 0 ? ~ref : ref;
        used[arc] = done;
        chain.push(ref);
        var ways = at.get(ref < 0 ? s.from[arc] : s.to[arc]);
        do ref = ways.pop(); while (ref !== undefined && used[ref < 0 ? ~ref : ref] === done);
      }
      chains.push(chain);
    });
    return chains;
  };

  // What is drawn of a group, at the scale of one zoom; kept until the detail changes.
  Sheet.prototype.paths = function (group, zoom) {
    var detail = this.detail(zoom), made = detail.paths.get(group), self = this;
    if (made) return made;
    var edge = group.edge = group.edge || this.edge(group.areas);
    var chains = group.chains = group.chains || this.chains(edge.outer);
    var from = [group.box[0], group.box[1], Math.pow(2, detail.level)];
    made = { from: from, fill: new Path2D(), lines: new Path2D() };
    chains.forEach(function (chain) {
      chain.forEach(function (ref, k) { along(self, detail, ref, from, made.fill, !k); });
      made.fill.closePath();
    });
    edge.inner.forEach(function (arc) { along(self, detail, arc, from, made.lines, true); });
    detail.paths.set(group, made);
    return made;
  };

  // From there to the pixels of the layer.
  Sheet.prototype.placed = function (path, from) {
    var scale = Math.pow(2, this.map.getZoom()), origin = this.map.getPixelOrigin(), out = new Path2D();
    out.addPath(path, { a: scale / from[2], b: 0, c: 0, d: scale / from[2],
      e: from[0] * scale - origin.x, f: from[1] * scale - origin.y });
    return out;
  };

  Sheet.prototype.pixels = function (box) {
    var scale = Math.pow(2, this.map.getZoom()), origin = this.map.getPixelOrigin();
    return L.bounds([box[0] * scale - origin.x, box[1] * scale - origin.y],
      [box[2] * scale - origin.x, box[3] * scale - origin.y]);
  };

  // Any arcs, each once, at the scale of one zoom.
  Sheet.prototype.lines = function (arcs, box, zoom) {
    var detail = this.detail(zoom), from = [box[0], box[1], Math.pow(2, detail.level)], path = new Path2D();
    arcs.forEach(function (arc) { along(this, detail, arc, from, path, true); }, this);
    return { from: from, path: path };
  };

  // The rings of one area: in pixels of the layer for SVG, or in degrees for Leaflet.
  Sheet.prototype.rings = function (i, place, detail) {
    var s = this.shapes, rings = [];
    for (var ring = s.shapes[i]; ring < s.shapes[i + 1]; ring++) {
      var points = [], pen = { moveTo: put, lineTo: put };
      for (var r = s.rings[ring]; r < s.rings[ring + 1]; r++) {
        along(this, detail, s.refs[r], [0, 0, 1], pen, r === s.rings[ring]);
      }
      rings.push(points);
    }
    function put(x, y) { points.push(place(x, y)); }
    return rings;
  };

  Sheet.prototype.degrees = function (i) {
    return this.rings(i, function (x, y) {
      return [360 / Math.PI * Math.atan(Math.exp(Math.PI * (128 - y) / 128)) - 90, 360 * x / 256 - 180];
    }, this.detail(30));
  };

  Sheet.prototype.outline = function (i) {
    var scale = Math.pow(2, this.map.getZoom()), origin = this.map.getPixelOrigin();
    return this.rings(i, function (x, y) {
      return (x * scale - origin.x).toFixed(1) + " " + (y * scale - origin.y).toFixed(1);
    }, this.detail(this.map.getZoom())).map(function (ring) { return "M" + ring.join("L") + "z"; }).join("");
  };

  wm.sheetOf = sheetOf;
})(window.wmspatial);
