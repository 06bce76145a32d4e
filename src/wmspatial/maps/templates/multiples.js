// Maps side by side on one board: one zoom for all of them, and one centre for those that show the
// same place. To legend, search, table and state the board is what a map of Leaflet is to them on
// the page of one map.
(function (wm) {
  "use strict";

  var element = wm.element, NEAREST = 15, MARGIN = 6;

  // The world at zoom 0, which is 256 pixels wide, as everywhere on these pages.
  function project(lng, lat) {
    return [256 * (lng + 180) / 360, 128 - 128 / Math.PI * Math.log(Math.tan(Math.PI / 4 + lat * Math.PI / 360))];
  }

  function latitude(y) { return 360 / Math.PI * Math.atan(Math.exp(Math.PI * (128 - y) / 128)) - 90; }

  function Board(box) {
    this.box = box;
    this.heard = {};
    this.hidden = new Set();
    this.zoom = 0;
    this.moved = 0;
    this.pointed = -1;
    var data = this.data = wm.dataOf(this);
    this.total = data.total;
    this.places = data.homes.map(placed);
    this.grounds = [{ topology: data.topology, count: data.count }].concat(data.grounds).map(function (one) {
      return ground(this, one);
    }, this);
    this.panels = data.panels.map(function (one, k) { return panel(this, one, k); }, this);
    this.apart = apart(this);
    // From here on the data are those of all areas.
    data.count = this.total;
    data.category = new Int32Array(this.total);
    data.chosen = -1;
    data.sheet = { layers: data.categories.map(function (_, number) { return layer(this, number); }, this) };
  }

  function placed(box) {
    var low = project(box[0], box[3]), high = project(box[2], box[1]);
    return { box: [low[0], low[1], high[0], high[1]], centre: middle([low[0], low[1], high[0], high[1]]) };
  }

  function middle(box) { return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]; }

  // Boundaries, as the sheet of the page of one map has them; whoever draws says from which corner.
  function ground(board, given) {
    var made = { count: given.count, corner: [0, 0], where: new Int32Array(board.total).fill(-1) };
    made.map = {
      wmspatial: { topology: given.topology, count: given.count, differ: [] },
      getZoom: function () { return board.zoom; },
      getPixelOrigin: function () { return { x: made.corner[0], y: made.corner[1] }; }
    };
    made.sheet = wm.sheetOf(made.map);
    made.area = given.area || Int32Array.from({ length: given.count }, function (_, i) { return i; });
    made.area.forEach(function (area, i) { made.where[area] = i; });
    return made;
  }

  // A map: which of its ground's areas it shows, and the class of each; -1 for those of other maps.
  function panel(board, given, k) {
    var made = { number: k, name: given.name, fact: given.fact, place: board.places[given.home], values: given.values };
    made.ground = board.grounds[given.ground];
    made.category = new Int32Array(made.ground.count).fill(-1);
    made.slot = new Int32Array(made.ground.count).fill(-1);
    given.rows.forEach(function (i, at) { made.category[i] = given.category[at]; made.slot[i] = at; });
    made.differ = Array.from(given.differ, function (at) { return given.rows[at]; });
    made.theme = made.ground.sheet.theme(made.category);
    return made;
  }

  function apart(board) {
    var seen = new Uint8Array(board.total);
    return board.panels.every(function (panel) {
      return panel.category.every(function (category, i) {
        return category < 0 || !seen[panel.ground.area[i]]++;
      });
    });
  }

  // A class on all maps.
  function layer(board, number) {
    return { number: number, setStyle: function (style) { this.fillColor = style.fillColor; board.redraw(); } };
  }

  Board.prototype = {
    getContainer: function () { return this.box; },
    on: function (kinds, run) {
      kinds.split(" ").forEach(function (kind) { (this.heard[kind] = this.heard[kind] || []).push(run); }, this);
      return this;
    },
    fire: function (kind, more) {
      (this.heard[kind] || []).forEach(function (run) { run(Object.assign({ type: kind }, more)); });
      return this;
    },
    hasLayer: function (layer) { return !this.hidden.has(layer.number); },
    addLayer: function (layer) { this.toggle(layer, "layeradd"); },
    removeLayer: function (layer) { this.toggle(layer, "layerremove"); },
    toggle: function (layer, kind) {
      this.hidden[kind === "layeradd" ? "delete" : "add"](layer.number);
      this.fire(kind, { layer: layer });
      this.point(-1);
      this.redraw();
    },
    closePopup: function () {},
    getZoom: function () { return this.zoom; },
    getCenter: function () {
      var at = this.places[this.moved].centre;
      return { lat: latitude(at[1]), lng: 360 * at[0] / 256 - 180 };
    },
    // Of several places it is the nearest that goes there.
    setView: function (at, zoom) {
      var point = project(at[1], at[0]), far = this.places.map(function (place) {
        var home = middle(place.box);
        return Math.hypot(home[0] - point[0], home[1] - point[1]);
      });
      this.data.touched = true;
      this.zoom = Math.min(Math.max(zoom, 0), NEAREST + 2);
      this.move(this.places[far.indexOf(Math.min.apply(null, far))], point);
    },
    move: function (place, centre) {
      var box = place.box;
      place.centre = [Math.min(Math.max(centre[0], box[0]), box[2]), Math.min(Math.max(centre[1], box[1]), box[3])];
      this.moved = this.places.indexOf(place);
      this.changed();
    },
    // What lies at a point of a panel stays there; other places keep their centre.
    zoomAt: function (panel, by, point) {
      var before = this.world(panel, point), size = this.size;
      this.data.touched = true;
      // A zoom that an address can hold: it stands in whole hundredths.
      this.zoom = Math.round(100 * Math.min(Math.max(this.zoom + by, this.home() - 0.5), NEAREST + 2)) / 100;
      var scale = Math.pow(2, this.zoom);
      this.move(panel.place, [before[0] + (size[0] / 2 - point[0]) / scale, before[1] + (size[1] / 2 - point[1]) / scale]);
    },
    pan: function (panel, right, down) {
      var scale = Math.pow(2, this.zoom), at = panel.place.centre;
      this.data.touched = true;
      this.move(panel.place, [at[0] - right / scale, at[1] - down / scale]);
    },
    changed: function () {
      this.box.classList.toggle("wm-near", this.zoom > this.home() + 0.05);
      this.follow();
      this.fire("moveend");
    },
    // The zoom at which the largest place fits.
    home: function () {
      var span = this.span(), size = this.size;
      return Math.log2(Math.min((size[0] - 2 * MARGIN) / span[0], (size[1] - 2 * MARGIN) / span[1]));
    },
    span: function () {
      return [0, 1].map(function (side) {
        return Math.max.apply(null, this.places.map(function (place) { return place.box[side + 2] - place.box[side]; }));
      }, this);
    },
    corner: function (panel) {
      var scale = Math.pow(2, this.zoom), at = panel.place.centre;
      return [at[0] * scale - this.size[0] / 2, at[1] * scale - this.size[1] / 2];
    },
    world: function (panel, point) {
      var scale = Math.pow(2, this.zoom), corner = this.corner(panel);
      return [(corner[0] + point[0]) / scale, (corner[1] + point[1]) / scale];
    },
    // The area at a point of a panel, of a class that is shown.
    at: function (panel, point) {
      var at = this.world(panel, point), sheet = panel.ground.sheet;
      var found = sheet.index(at[0], at[1]).filter(function (i) {
        return this.shows(panel, i) && sheet.contains(i, at[0], at[1]);
      }, this);
      return found.length ? panel.ground.area[found[0]] : -1;
    },
    shows: function (panel, i) { return panel.category[i] >= 0 && !this.hidden.has(panel.category[i]); },
    // What each map says of an area; nothing where it has no such area.
    told: function (area) {
      return this.panels.map(function (panel) {
        var i = panel.ground.where[area], slot = i < 0 ? -1 : panel.slot[i];
        var category = slot < 0 ? null : this.data.categories[panel.category[i]];
        var value = slot < 0 || !panel.values ? "" : wm.sentence(panel.values, slot);
        return { panel: panel, category: category, value: value };
      }, this).filter(function (one) { return one.category || !this.apart; }, this);
    }
  };

  wm.whole = function (board) {
    board.places.forEach(function (place) { place.centre = middle(place.box); });
    board.zoom = board.home();
    board.moved = 0;
    board.changed();
  };

  wm.goTo = function (board, areas) {
    var panel = board.panelOf(areas[0]);
    // What has no value in the column that splits the maps is on none of them.
    if (!panel) return;
    var ground = panel.ground, boxes = ground.sheet.boxes, size = board.size;
    var box = [Infinity, Infinity, -Infinity, -Infinity];
    areas.forEach(function (area) {
      var i = ground.where[area];
      if (i < 0 || panel.category[i] < 0) return;
      for (var k = 0; k < 4; k++) box[k] = Math[k < 2 ? "min" : "max"](box[k], boxes[4 * i + k]);
    });
    board.data.touched = true;
    // Maps of other places zoom with this one: not so far that nothing can be told there.
    board.zoom = Math.min(board.places.length > 1 ? board.home() + 1.5 : NEAREST - 1.5, Math.log2(Math.min((size[0] - 40) / (box[2] - box[0]), (size[1] - 40) / (box[3] - box[1]))));
    board.move(panel.place, middle(box));
    panel.sheet.scrollIntoView({ block: "nearest" });
  };

  Board.prototype.panelOf = function (area) {
    return this.panels.filter(function (panel) {
      var i = panel.ground.where[area];
      return i >= 0 && panel.category[i] >= 0;
    })[0];
  };

  // So many maps beside each other where there is room.
  function across(count) { return count <= 4 ? (count === 4 ? 2 : count) : count <= 6 || count === 9 ? 3 : 4; }

  function lay(board) {
    var grid = board.box.appendChild(element("div", "wm-panels")), span = board.span(), id = board.box.id;
    grid.classList.add("wm-across-" + across(board.panels.length));
    grid.style.setProperty("--wm-ratio", Math.min(Math.max(span[0] / span[1], 0.8), 1.8).toFixed(4));
    board.panels.forEach(function (panel, k) {
      var made = grid.appendChild(element("section", "wm-panel"));
      var head = made.appendChild(element("h2", "", panel.name));
      head.id = id + "-head-" + k;
      made.setAttribute("aria-labelledby", head.id);
      made.appendChild(element("p", "wm-fact", panel.fact));
      panel.sheet = made.appendChild(element("div", "wm-sheet"));
      panel.sheet.tabIndex = 0;
      panel.sheet.setAttribute("role", "application");
      panel.sheet.setAttribute("aria-label", "Map: " + panel.name);
      panel.sheet.setAttribute("aria-describedby", id + "-how");
      panel.paper = panel.sheet.appendChild(element("canvas"));
      panel.over = panel.sheet.appendChild(element("canvas"));
      if (board.data.banner) made.appendChild(element("div", "wm-map-mark", board.data.banner));
    });
    return grid;
  }

  wm.several = function (id) {
    if (!window.Path2D || !Path2D.prototype.addPath) throw new Error("This browser cannot draw the maps.");
    var board = new Board(document.getElementById(id));
    board.box.classList.add("wm-started");
    board.grid = lay(board);
    wm.beside(board);
    wm.paintBoard(board);
    wm.legend(board);
    wm.tools(board);
    wm.hands(board);
    wm.table(board);
    board.measure();
    wm.state(board);
    wm.paper(board);
    wm.board = board;
    wm.started = true;
  };
})(window.wmspatial);
