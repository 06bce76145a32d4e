// Where the people of the chosen area's zone work: lines as wide as they are many, and a table.
(function (wm) {
  "use strict";

  var element = wm.element, sentence = wm.sentence, WIDEST = 9, SMALL = 5;

  function starts(flows) {
    if (!flows.starts) {
      flows.starts = [0];
      flows.counts.forEach(function (count, k) { flows.starts.push(flows.starts[k] + count); });
    }
    return flows.starts;
  }

  // The destinations of an area's zone, most people first.
  function destinations(data, i) {
    var flows = data.flows, zone = flows ? flows.zone[i] : -1, found = [];
    if (zone < 0 || zone >= flows.counts.length) return found;
    for (var k = starts(flows)[zone]; k < starts(flows)[zone + 1]; k++) {
      found.push({ zone: flows.to[k], people: flows.people[k] });
    }
    return found;
  }

  // Where a zone is; a place at no longitude of this world is not known.
  function place(flows, zone) {
    return flows.unknown[zone] ? null : L.latLng(flows.north[zone] / 10000, flows.east[zone] / 10000);
  }

  wm.flowsOf = function (map, i) {
    var data = wm.dataOf(map), list = i < 0 ? [] : destinations(data, i);
    if (data.lines) data.lines.clearLayers();
    if (!list.length) return;
    wm.pane(map, "wm-flows", 448);
    if (!data.lines) {
      data.lines = L.layerGroup().addTo(map);
      data.pens = L.svg({ pane: "wm-flows", padding: 0.5 });
    }
    var home = place(data.flows, data.flows.zone[i]), most = list[0].people;
    var widest = map.getSize().x > 500 ? WIDEST : SMALL;
    if (!home) return;
    var drawn = list.map(function (one) {
      return { to: place(data.flows, one.zone), width: Math.max(0.8, widest * one.people / most) };
    }).filter(function (one) { return one.to; }).reverse();
    // A light edge keeps the lines apart from whatever they cross.
    drawn.forEach(function (one) { stroke(data, [home, one.to], "#ffffff", one.width + 2, 0.9); });
    drawn.forEach(function (one) { stroke(data, [home, one.to], "#10243e", one.width, 0.9); });
    drawn.forEach(function (one) { dot(data, one.to, Math.max(2.5, one.width / 2 + 1), "#10243e"); });
    dot(data, home, 6, "#ffffff");
  };

  function stroke(data, ends, colour, width, opacity) {
    data.lines.addLayer(L.polyline(ends, { pane: "wm-flows", renderer: data.pens, color: colour, weight: width,
      opacity: opacity, lineCap: "butt", interactive: false }));
  }

  function dot(data, at, radius, colour) {
    data.lines.addLayer(L.circleMarker(at, { pane: "wm-flows", renderer: data.pens, radius: radius, color: "#10243e",
      weight: 2, fillColor: colour, fillOpacity: 1, interactive: false }));
  }

  // The same in the panel.
  wm.work = function (made, map, i) {
    var data = wm.dataOf(map), list = destinations(data, i), flows = data.flows;
    if (!list.length) return;
    var zone = flows.zone[i], name = sentence(flows.names, zone), all = flows.commuters[zone];
    var parts = [], count = 0;
    for (var k = 0; k < data.count; k++) if (flows.zone[k] === zone) count++;
    made.appendChild(element("h3", "", "Where people work"));
    flows.elsewhere.forEach(function (one) {
      if (one.people[zone]) parts.push(one.name + " " + wm.written(one.people[zone], 0));
    });
    made.appendChild(element("p", "", (count > 1
      ? "Commuters are counted by zone: " + name + " holds this and " + (count - 1) + " other " +
        (count === 2 ? "neighbourhood" : "neighbourhoods") + " of the map. Of its "
      : "Of its ") + wm.written(all, 0) + " commuters " + wm.written(flows.within[zone], 0) + " work in the " +
      (count > 1 ? "zone" : "place") + " itself." + (parts.length ? " Not among them: " + parts.join(", ") + "." : "")));
    var table = made.appendChild(element("table", "wm-work")), head = element("tr");
    table.appendChild(element("caption", "", (list.length === 1 ? "The one destination" : "The " + list.length +
      " largest destinations") + ", lines on the map as wide as people are many"));
    ["Work in", "People"].forEach(function (text) {
      head.appendChild(element("th", "", text)).scope = "col";
    });
    table.appendChild(element("thead")).appendChild(head);
    var body = table.appendChild(element("tbody"));
    list.forEach(function (one) {
      var row = body.appendChild(element("tr"));
      row.appendChild(element("th", "", sentence(flows.names, one.zone))).scope = "row";
      row.appendChild(element("td", "", wm.written(one.people, 0)));
    });
  };
})(window.wmspatial);
