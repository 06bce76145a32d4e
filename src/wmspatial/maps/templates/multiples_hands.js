// What hands do to the maps of a board: mouse, fingers and keys.
(function (wm) {
  "use strict";

  var element = wm.element, STEP = 0.5, FAR = 60, STILL = 4;
  var WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function pointOf(panel, event) {
    var box = panel.sheet.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  function hold(board, panel) {
    var down = new Map(), far = 0;
    function spread() {
      var two = Array.from(down.values());
      return { at: [(two[0][0] + two[1][0]) / 2, (two[0][1] + two[1][1]) / 2],
        wide: Math.hypot(two[0][0] - two[1][0], two[0][1] - two[1][1]) || 1 };
    }
    panel.sheet.addEventListener("pointerdown", function (event) {
      if (event.button) return;
      if (!down.size) far = 0;
      down.set(event.pointerId, pointOf(panel, event));
      try { panel.sheet.setPointerCapture(event.pointerId); } catch (error) { /* It is gone already. */ }
    });
    panel.sheet.addEventListener("pointermove", function (event) {
      var at = pointOf(panel, event), was = down.get(event.pointerId);
      if (!was) {
        if (event.pointerType !== "touch") board.point(board.at(panel, at), panel, [event.clientX, event.clientY]);
        return;
      }
      var before = down.size === 2 ? spread() : null;
      far += Math.hypot(at[0] - was[0], at[1] - was[1]);
      if (far < STILL) return;
      board.point(-1);
      down.set(event.pointerId, at);
      if (!before) { board.pan(panel, at[0] - was[0], at[1] - was[1]); return; }
      var after = spread();
      board.zoomAt(panel, Math.log2(after.wide / before.wide), before.at);
      board.pan(panel, after.at[0] - before.at[0], after.at[1] - before.at[1]);
    });
    panel.sheet.addEventListener("pointerup", function (event) {
      var mine = down.delete(event.pointerId), found = board.at(panel, pointOf(panel, event));
      if (!mine || down.size || far >= STILL || found < 0) return;
      wm.choose(board, found);
    });
    panel.sheet.addEventListener("pointercancel", function (event) { down.delete(event.pointerId); });
    panel.sheet.addEventListener("pointerleave", function () { board.point(-1); });
    panel.sheet.addEventListener("dblclick", function (event) { board.zoomAt(panel, 1, pointOf(panel, event)); });
    // The page scrolls past its maps; a map that was clicked takes the wheel.
    panel.sheet.addEventListener("wheel", function (event) {
      if (!event.ctrlKey && !event.metaKey && document.activeElement !== panel.sheet) return;
      event.preventDefault();
      var by = -event.deltaY * (event.deltaMode ? 20 : 1) / 250;
      board.zoomAt(panel, Math.max(-1, Math.min(1, by)), pointOf(panel, event));
    }, { passive: false });
    panel.sheet.addEventListener("keydown", function (event) { keys(board, panel, event); });
    panel.sheet.addEventListener("blur", function () { board.point(-1); });
  }

  function keys(board, panel, event) {
    var way = WAYS[event.key], middle = [board.size[0] / 2, board.size[1] / 2];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (way && event.shiftKey) board.pan(panel, -FAR * way[0], -FAR * way[1]);
    else if (way) walk(board, panel, way);
    else if (event.key === "+" || event.key === "=") board.zoomAt(panel, STEP, middle);
    else if (event.key === "-") board.zoomAt(panel, -STEP, middle);
    else if (event.key === "Home") { board.data.touched = false; wm.whole(board); }
    else if ((event.key === "Enter" || event.key === " ") && board.pointed >= 0) wm.choose(board, board.pointed, true);
    else if (event.key === "Escape" && board.pointed >= 0) board.point(-1);
    else return;
    event.preventDefault();
  }

  // From area to area: the nearest one that lies that way.
  function walk(board, panel, way) {
    var boxes = panel.ground.sheet.boxes, from = panel.ground.where[board.pointed], best = -1, least = Infinity;
    function spot(i) { return [(boxes[4 * i] + boxes[4 * i + 2]) / 2, (boxes[4 * i + 1] + boxes[4 * i + 3]) / 2]; }
    var first = board.pointed < 0 || !(from >= 0) || panel.category[from] < 0;
    var start = first ? panel.place.centre : spot(from);
    panel.category.forEach(function (_, i) {
      if (!board.shows(panel, i) || i === from) return;
      var to = spot(i), along = (to[0] - start[0]) * way[0] + (to[1] - start[1]) * way[1];
      var aside = Math.abs((to[0] - start[0]) * way[1]) + Math.abs((to[1] - start[1]) * way[0]);
      var cost = first ? Math.hypot(to[0] - start[0], to[1] - start[1]) : along <= 0 || aside > 2 * along ? Infinity : along + 2 * aside;
      if (cost < least) { least = cost; best = i; }
    });
    if (best < 0) return;
    var at = spot(best), scale = Math.pow(2, board.zoom), corner = board.corner(panel);
    var x = at[0] * scale - corner[0], y = at[1] * scale - corner[1];
    if (x < 10 || y < 10 || x > board.size[0] - 10 || y > board.size[1] - 10) {
      board.data.touched = true;
      board.move(panel.place, at);
      corner = board.corner(panel);
    }
    var box = panel.sheet.getBoundingClientRect();
    board.point(panel.ground.area[best], panel,
      [box.left + at[0] * scale - corner[0], box.top + at[1] * scale - corner[1]], true);
  }

  // Nearer and farther, for those without a wheel.
  function buttons(board) {
    var bar = wm.pageOf(board).querySelector(".wm-tools"), group = element("div", "wm-zoom");
    [["−", "Zoom out on all maps", -STEP], ["+", "Zoom in on all maps", STEP]].forEach(function (one) {
      var made = group.appendChild(wm.button("wm-tool", one[0], function () {
        var panel = board.panels.filter(function (panel) { return board.places[board.moved] === panel.place; })[0];
        board.zoomAt(panel, one[2], [board.size[0] / 2, board.size[1] / 2]);
      }));
      made.setAttribute("aria-label", one[1]);
      made.title = one[1];
    });
    bar.appendChild(group);
  }

  function how(board) {
    var made = element("p", "wm-note wm-how", board.places.length > 1
      ? "All maps zoom together, at one scale; drag each by itself." : "All maps move and zoom together.");
    made.id = board.box.id + "-how";
    made.appendChild(element("span", "wm-by-mouse", " Drag, or zoom with + and −, with Ctrl and the wheel, or with " +
      "the wheel on a map that was clicked. Keys on a map: arrows go from area to area, Enter keeps one in sight."));
    made.appendChild(element("span", "wm-by-touch", " Two fingers zoom; one moves what is zoomed in."));
    board.box.insertBefore(made, board.grid);
  }

  // How long a kilometre is on all maps.
  function scale(board) {
    var box = element("div", "wm-scale"), bar = box.appendChild(element("span", "wm-length"));
    var text = box.appendChild(element("span"));
    wm.pageOf(board).querySelector(".wm-legend").after(box);
    function fit() {
      var found = wm.measureOf(board, board.zoom, 110);
      bar.style.width = found.pixels.toFixed(1) + "px";
      text.textContent = found.text + " on all maps";
    }
    board.on("moveend", fit);
    fit();
  }

  wm.hands = function (board) {
    how(board);
    buttons(board);
    scale(board);
    board.panels.forEach(function (panel) { hold(board, panel); });
  };

  wm.paper = function (board) {
    var page = wm.pageOf(board), copies = [], folded;
    window.addEventListener("beforeprint", function () {
      page.classList.add("wm-printing");
      board.point(-1);
      if (document.activeElement) document.activeElement.blur();
      copies = wm.onPaper(board);
      folded = wm.unfold(page);
    });
    window.addEventListener("afterprint", function () {
      page.classList.remove("wm-printing");
      copies.forEach(function (one) { one.remove(); });
      folded();
      board.redraw();
    });
  };
})(window.wmspatial);
