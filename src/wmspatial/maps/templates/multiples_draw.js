// How the maps of a board are drawn: on canvas, what is in sight; on paper as lines.
(function (wm) {
  "use strict";

  // Pixels across most areas: with fewer there are no lines round them, with more these are whole.
  var NO_LINES = 3, ALL_LINES = 8, PAPER = 360, MANY = 12;
  // What is drawn beyond each side, as a share of it; how long a hand rests before it is drawn anew, and
  // how long it may move before: until then what is drawn is moved as it is. Milliseconds, as is what
  // one frame may take.
  var BEYOND = 0.2, REST = 90, LONG = 900, FRAME = 10;

  // What is quiet lies below; the first class lies above all.
  function order(categories) {
    return categories.map(function (_, number) { return number; }).reverse().sort(function (a, b) {
      return categories[a].loud - categories[b].loud;
    });
  }

  function sheer(board, panel, category) {
    var size = panel.ground.sheet.typical * Math.pow(2, board.zoom);
    return (category.loud ? 0.7 : 0.5) * Math.max(0, Math.min(1, (size - NO_LINES) / (ALL_LINES - NO_LINES)));
  }

  function meets(box, seen) {
    return box[0] <= seen[2] && box[2] >= seen[0] && box[1] <= seen[3] && box[3] >= seen[1];
  }

  function draw(board, panel) {
    var pen = panel.paper.getContext("2d"), sheet = panel.ground.sheet, size = board.size;
    var right = BEYOND * size[0], low = BEYOND * size[1];
    var seen = board.world(panel, [-right, -low]).concat(board.world(panel, [size[0] + right, size[1] + low]));
    panel.ground.corner = board.corner(panel);
    panel.stale = false;
    panel.drawn = { corner: panel.ground.corner, zoom: board.zoom };
    panel.paper.style.transform = "";
    pen.setTransform(board.sharp, 0, 0, board.sharp, right * board.sharp, low * board.sharp);
    pen.clearRect(-right, -low, size[0] + 2 * right, size[1] + 2 * low);
    pen.lineJoin = "round";
    order(board.data.categories).forEach(function (number) {
      if (board.hidden.has(number)) return;
      var category = board.data.categories[number], weight = sheer(board, panel, category);
      var colour = board.data.sheet.layers[number].fillColor;
      panel.theme.groups.forEach(function (group) {
        if (group.category !== number || !meets(group.box, seen)) return;
        var paths = sheet.paths(group, board.zoom), inside = sheet.placed(paths.fill, paths.from);
        pen.fillStyle = colour;
        pen.fill(inside, "evenodd");
        pen.strokeStyle = weight ? category.line : colour;
        pen.lineWidth = weight || (category.loud ? 0.2 : 0.8);
        pen.stroke(inside);
        if (weight) pen.stroke(sheet.placed(paths.lines, paths.from));
      });
    });
    differing(board, panel, pen);
    pen.strokeStyle = "#161616";
    pen.lineWidth = 1.3;
    pen.stroke(outlines(board, panel));
    rings(board, panel);
  }

  // Where somebody's own class and the reconstruction differ the line is broken.
  function differing(board, panel, pen) {
    var seen = panel.differ.filter(function (i) { return board.shows(panel, i); });
    if (!seen.length) return;
    pen.setLineDash([4, 3]);
    pen.strokeStyle = "#000000";
    pen.lineWidth = 1.6;
    seen.forEach(function (i) { pen.stroke(new Path2D(panel.ground.sheet.outline(i))); });
    pen.setLineDash([]);
  }

  // The authorities' outlines, as far as they run along the areas of this map.
  function arcsOf(panel) {
    var sheet = panel.ground.sheet, own = new Set(), lines = new Set(), i;
    function plain(ref) { return ref < 0 ? ~ref : ref; }
    var areas = Array.from(panel.category.keys()).filter(function (i) { return panel.category[i] >= 0; }), all = [];
    for (i = panel.ground.count; i < sheet.shapes.shapes.length - 1; i++) all.push(i);
    sheet.refsOf(areas, function (ref) { own.add(plain(ref)); });
    sheet.refsOf(all, function (ref) { if (own.has(plain(ref))) lines.add(plain(ref)); });
    return Array.from(lines);
  }

  function outlines(board, panel) {
    var sheet = panel.ground.sheet, level = sheet.detail(board.zoom).level;
    panel.arcs = panel.arcs || arcsOf(panel);
    if (!panel.lines || panel.level !== level) {
      panel.lines = sheet.lines(panel.arcs, panel.place.box, board.zoom);
      panel.level = level;
    }
    return sheet.placed(panel.lines.path, panel.lines.from);
  }

  // Round the area that is pointed at, and the one that was chosen, on every map that has it.
  function rings(board, panel) {
    var pen = panel.over.getContext("2d"), size = board.size;
    panel.ground.corner = board.corner(panel);
    pen.setTransform(board.sharp, 0, 0, board.sharp, 0, 0);
    pen.clearRect(0, 0, size[0], size[1]);
    pen.lineJoin = "round";
    panel.marked = null;
    [[board.data.chosen, 3], [board.pointed, 2]].forEach(function (pair) {
      var i = pair[0] < 0 ? -1 : panel.ground.where[pair[0]];
      if (i < 0 || panel.category[i] < 0) return;
      var line = new Path2D(panel.ground.sheet.outline(i));
      panel.marked = (panel.marked || []).concat(pair[0]);
      pen.strokeStyle = "#ffffff";
      pen.lineWidth = pair[1] + 2;
      pen.stroke(line);
      pen.strokeStyle = "#000000";
      pen.lineWidth = pair[1];
      pen.stroke(line);
    });
  }

  function inSight(panel) {
    var box = panel.sheet.getBoundingClientRect();
    return box.bottom > -50 && box.top < window.innerHeight + 50;
  }

  // What is drawn already goes where the view is now.
  function shift(board, panel) {
    var corner = board.corner(panel), was = panel.drawn;
    if (!was) return;
    var by = Math.pow(2, board.zoom - was.zoom), pad = [0, 1].map(function (side) { return BEYOND * board.size[side]; });
    var to = [0, 1].map(function (side) { return was.corner[side] * by - corner[side] - pad[side] * (by - 1); });
    panel.paper.style.transform = "translate(" + to[0] + "px," + to[1] + "px) scale(" + by + ")";
  }

  function methods(board) {
    var waiting = 0, rest = 0, last = 0;
    // What is in sight first, then the others: as many as one frame has time for, one at least.
    function drawn() {
      var until = performance.now() + FRAME, stale = board.panels.filter(function (panel) { return panel.stale; });
      var seen = stale.filter(inSight), next = seen.length ? seen : stale;
      waiting = 0;
      for (var k = 0; k < next.length && (!k || performance.now() < until); k++) draw(board, next[k]);
      if (stale.length > k) soon();
    }
    function soon() { if (!waiting) waiting = requestAnimationFrame(drawn); }
    function anew() {
      last = performance.now();
      board.panels.forEach(function (panel) { panel.stale = true; });
      soon();
    }
    board.redraw = anew;
    board.follow = function () {
      clearTimeout(rest);
      board.panels.forEach(function (panel) {
        shift(board, panel);
        if (board.data.chosen >= 0 || panel.marked) rings(board, panel);
      });
      if (performance.now() - last > LONG) anew(); else rest = setTimeout(anew, REST);
    };
    board.rings = function () { board.panels.forEach(function (panel) { rings(board, panel); }); };
    // Canvases have as many dots as the screen shows of them.
    board.measure = function () {
      var box = board.panels[0].sheet, size = [box.clientWidth, box.clientHeight];
      if (!size[0] || !size[1]) return;
      board.size = size;
      // Many maps on a sharp screen would take all the memory of a phone.
      board.sharp = Math.min(window.devicePixelRatio || 1, board.panels.length > MANY ? 1.5 : 2);
      board.panels.forEach(function (panel) {
        [[panel.paper, BEYOND], [panel.over, 0]].forEach(function (pair) {
          var canvas = pair[0], more = 1 + 2 * pair[1];
          canvas.width = size[0] * more * board.sharp;
          canvas.height = size[1] * more * board.sharp;
          canvas.style.left = -pair[1] * size[0] + "px";
          canvas.style.top = -pair[1] * size[1] + "px";
          canvas.style.width = size[0] * more + "px";
          canvas.style.height = size[1] * more + "px";
        });
      });
      if (board.data.touched) board.changed(); else wm.whole(board);
      board.redraw();
    };
    window.addEventListener("scroll", soon, { passive: true, capture: true });
  }

  wm.paintBoard = function (board) {
    methods(board);
    board.size = [300, 200];
    board.sharp = 1;
    board.measure();
    if (window.ResizeObserver) new ResizeObserver(function () { board.measure(); }).observe(board.grid);
  };

  // A round number of metres and its length in pixels, at most so long.
  wm.measureOf = function (board, zoom, most) {
    var y = board.places[0].centre[1], around = Math.PI * (128 - y) / 128;
    var metre = 256 * Math.pow(2, zoom) / 40075016.7 * Math.cosh(around), far = most / metre;
    var step = Math.pow(10, Math.floor(Math.log10(far)));
    var round = [5, 2, 1].filter(function (n) { return n * step <= far; })[0] * step;
    return { pixels: round * metre, text: round >= 1000 ? round / 1000 + " km" : round + " m" };
  };

  // On paper every class of a map is one path, with lines so faint that they take no colour from small
  // areas; the view is the one at first.
  wm.onPaper = function (board) {
    var kept = [board.size, board.zoom, board.places.map(function (place) { return place.centre; })], span = board.span();
    var ratio = Number(board.grid.style.getPropertyValue("--wm-ratio")) || span[0] / span[1];
    board.size = [PAPER, PAPER / ratio];
    board.zoom = board.home();
    board.places.forEach(function (place) {
      place.centre = [(place.box[0] + place.box[2]) / 2, (place.box[1] + place.box[3]) / 2];
    });
    var made = board.panels.map(function (panel) {
      var sheet = wm.svg("svg", { "class": "wm-sheet-paper", viewBox: "0 0 " + board.size.join(" "), role: "img",
        "aria-label": "Map: " + panel.name });
      onSheet(board, panel, sheet);
      return panel.sheet.appendChild(sheet);
    });
    board.size = kept[0];
    board.zoom = kept[1];
    board.places.forEach(function (place, k) { place.centre = kept[2][k]; });
    return made;
  };

  function onSheet(board, panel, sheet) {
    var outline = function (i) { return panel.ground.sheet.outline(i); };
    panel.ground.corner = board.corner(panel);
    order(board.data.categories).forEach(function (number) {
      if (board.hidden.has(number)) return;
      var category = board.data.categories[number], d = "";
      panel.category.forEach(function (one, i) { if (one === number) d += outline(i); });
      if (!d) return;
      sheet.appendChild(wm.painted(wm.svg("path", { d: d }), { fill: true, fillOpacity: 1, stroke: true, opacity: 0.3,
        fillColor: board.data.sheet.layers[number].fillColor, color: category.line, weight: 0.2 }, sheet));
    });
    var all = arcsOf(panel).map(function (arc) { return along(panel, arc, Math.pow(2, board.zoom)); }).join("");
    sheet.appendChild(wm.painted(wm.svg("path", { d: all }), { fill: false, stroke: true, color: "#161616", weight: 0.9, opacity: 1 }, sheet));
    if (panel.number) return;
    var bar = wm.measureOf(board, board.zoom, PAPER / 4), low = board.size[1] - 6;
    sheet.appendChild(wm.svg("path", { d: "M6 " + (low - 5) + "V" + low + "H" + (6 + bar.pixels) + "V" + (low - 5),
      fill: "none", stroke: "#161616" }));
    var text = sheet.appendChild(wm.svg("text", { x: 10 + bar.pixels, y: low, "font-size": 11, fill: "#161616" }));
    text.textContent = bar.text;
  }

  function along(panel, arc, scale) {
    var s = panel.ground.sheet.shapes, corner = panel.ground.corner, points = [];
    for (var p = s.arcs[arc]; p < s.arcs[arc + 1]; p++) {
      points.push((s.x[p] * scale - corner[0]).toFixed(1) + " " + (s.y[p] * scale - corner[1]).toFixed(1));
    }
    return "M" + points.join("L");
  }
})(window.wmspatial);
