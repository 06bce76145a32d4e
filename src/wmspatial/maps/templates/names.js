// Names on the ground: of wards, where there are any, as soon as they have room on the map. They are
// for the eye alone; search, panel and table say the same to everyone.
(function (wm) {
  "use strict";

  // Pixels that a place must be wide and high for its name, and the room round a name.
  var WIDE = 70, HIGH = 34, ROOM = 3;
  // Nearer than a whole region: before, nothing could be read, and nothing is looked for.
  var FROM = 11;

  function boxOf(sheet, areas) {
    var box = [Infinity, Infinity, -Infinity, -Infinity];
    areas.forEach(function (i) {
      for (var k = 0; k < 4; k++) box[k] = Math[k < 2 ? "min" : "max"](box[k], sheet.boxes[4 * i + k]);
    });
    return box;
  }

  function middle(box) { return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]; }

  // The middle of the area that lies nearest to the middle: a place may be bent like a sickle.
  function spot(sheet, areas, box) {
    var at = middle(box), best = null, least = Infinity;
    areas.forEach(function (i) {
      var here = middle(sheet.boxes.slice(4 * i, 4 * i + 4));
      var far = Math.hypot(here[0] - at[0], here[1] - at[1]);
      if (far < least) { least = far; best = here; }
    });
    return best;
  }

  // Wards; where areas have none, the areas themselves.
  function named(map, sheet) {
    if (sheet.named) return sheet.named;
    var all = wm.places(map), kind = all.some(function (one) { return one.kind === "ward"; }) ? "ward" : "area";
    return sheet.named = all.filter(function (one) { return one.kind === kind && one.name; }).map(function (one) {
      var box = boxOf(sheet, one.areas);
      return { name: one.name.replace(/ ward$/i, ""), box: box, spot: spot(sheet, one.areas, box), size: (box[2] - box[0]) * (box[3] - box[1]) };
    }).sort(function (a, b) { return b.size - a.size; });
  }

  function meets(a, b) {
    return a.left < b.right + ROOM && b.left < a.right + ROOM && a.top < b.bottom + ROOM && b.top < a.bottom + ROOM;
  }

  function write(map, pane) {
    pane.textContent = "";
    if (map.getZoom() < FROM) return;
    var sheet = wm.sheetOf(map), zoom = Math.pow(2, map.getZoom()), origin = map.getPixelOrigin();
    var corner = map.containerPointToLayerPoint([0, 0]), seen = L.bounds(corner, corner.add(map.getSize()));
    // The numbers of the authorities were there first.
    var taken = Array.prototype.map.call(map.getContainer().querySelectorAll(".wm-number"), function (one) {
      return one.getBoundingClientRect();
    });
    named(map, sheet).forEach(function (one) {
      if ((one.box[2] - one.box[0]) * zoom < WIDE || (one.box[3] - one.box[1]) * zoom < HIGH) return;
      var at = L.point(one.spot[0] * zoom, one.spot[1] * zoom).subtract(origin);
      if (!seen.contains(at)) return;
      var holder = pane.appendChild(wm.element("div", "wm-ground-name"));
      var room = holder.appendChild(wm.element("span", "", one.name));
      L.DomUtil.setPosition(holder, at);
      room = room.getBoundingClientRect();
      if (taken.some(function (other) { return meets(room, other); })) holder.remove(); else taken.push(room);
    });
  }

  wm.names = function (map) {
    wm.pane(map, "wm-names", 455);
    var pane = map.getPane("wm-names");
    map.on("zoomstart", function () { pane.textContent = ""; });
    map.on("moveend", function () { write(map, pane); });
    write(map, pane);
  };
})(window.wmspatial);
