// The panel of one area: why it has its class, who lives there, how sure that is, where people work.
(function (wm) {
  "use strict";

  var element = wm.element, sentence = wm.sentence;

  wm.panel = function (map) {
    var data = wm.dataOf(map);
    data.chosen = -1;
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && data.chosen >= 0 && !event.defaultPrevented) wm.close(map);
    });
    map.on("wm:look", function () { if (data.chosen >= 0) fill(map, data.chosen); });
  };

  function box(map) { return wm.pageOf(map).querySelector(".wm-chosen"); }

  wm.choose = function (map, i, byKeyboard) {
    var data = wm.dataOf(map), room = box(map);
    if (data.chosen < 0) data.opener = document.activeElement;
    data.chosen = i;
    fill(map, i);
    room.hidden = false;
    room.scrollTop = 0;
    room.parentNode.classList.add("wm-open");
    if (byKeyboard) room.querySelector("h2").focus();
    else if (map.getSize().x <= 500) room.scrollIntoView({ block: "nearest" });
    ring(map, data, i);
    if (wm.flowsOf) wm.flowsOf(map, i);
    wm.say(map, sentence(data.names, i) + ": " + wm.titled(data, wm.looks(data)[0], i));
    map.fire("wm:choose");
  };

  wm.close = function (map) {
    var data = wm.dataOf(map), room = box(map), inside = room.contains(document.activeElement);
    if (data.chosen < 0) return;
    data.chosen = -1;
    room.hidden = true;
    room.textContent = "";
    room.parentNode.classList.remove("wm-open");
    if (data.mark) data.mark.setLatLngs([]);
    if (wm.flowsOf) wm.flowsOf(map, -1);
    if (inside || document.activeElement === document.body) {
      var back = data.opener && data.opener.isConnected && data.opener !== document.body ? data.opener : map.getContainer();
      back.focus({ preventScroll: true });
    }
    map.fire("wm:choose");
  };

  function ring(map, data, i) {
    wm.pane(map, "wm-chosen-area", 445);
    data.mark = data.mark || L.polygon([], { pane: "wm-chosen-area", renderer: L.svg({ pane: "wm-chosen-area" }),
      color: "#000000", weight: 4, fill: false, interactive: false }).addTo(map);
    data.mark.setLatLngs(wm.sheetOf(map).degrees(i));
  }

  function fill(map, i) {
    var data = wm.dataOf(map), room = box(map), first = wm.looks(data)[0], look = wm.lookOf(map);
    room.textContent = "";
    var made = room.appendChild(element("div", "wm-card"));
    var top = made.appendChild(element("div", "wm-top")), name = element("h2", "wm-name", sentence(data.names, i));
    name.tabIndex = -1;
    top.appendChild(name);
    var shut = wm.button("wm-close", "×", function () { wm.close(map); });
    shut.setAttribute("aria-label", "Close");
    top.appendChild(shut);
    var place = sentence(data.places, i);
    made.appendChild(element("div", "wm-place", (place ? place + ", " : "") + sentence(data.codes, i)));
    made.appendChild(wm.headed(first.categories[first.category[i]], wm.titled(data, first, i)));
    if (look.id !== first.id) {
      made.appendChild(wm.headed(look.categories[look.category[i]], wm.titled(data, look, i)));
    }
    var reason = sentence(data.reasons, i);
    if (reason) made.appendChild(element("p", "wm-reason", reason));
    var list = made.appendChild(element("dl"));
    data.fields.forEach(function (field) { wm.listed(list, field.label, sentence(field.values, i)); });
    (data.facts || []).forEach(function (fact) { wm.listed(list, fact.label, sentence(fact.values, i)); });
    wm.looks(data).forEach(function (one) { if (one.fact) wm.listed(list, one.label, wm.valueOf(data, one, i)); });
    sure(made, data, i);
    people(made, data, i);
    if (wm.work) wm.work(made, map, i);
    if (data.banner) made.appendChild(element("p", "wm-mark", data.banner));
  }

  function sure(made, data, i) {
    if (!data.stability || data.stability.same[i] < 0) return;
    var same = data.stability.same[i], of = data.stability.of;
    made.appendChild(element("h3", "", "How sure"));
    made.appendChild(element("p", "", same === of
      ? "It has this class in all " + of + " scenarios of the method’s open choices."
      : "It has this class in " + same + " of " + of + " scenarios of the method’s open choices (" +
        wm.written(100 * same / of, 0) + " %)."));
  }

  // Groups here beside those of the authority: bars that are numbers as well.
  function people(made, data, i) {
    if (!data.groups) return;
    var here = wm.shares(data, [i]), where = data.authority[i];
    if (here.some(isNaN)) return;
    var around = [];
    for (var k = 0; k < data.count; k++) if (data.authority[k] === where) around.push(k);
    var there = wm.shares(data, around), of = (where >= 0 && data.outlines.names[where]) || "All areas shown";
    made.appendChild(element("h3", "", "Ethnic groups"));
    var table = made.appendChild(element("table", "wm-bars")), head = element("tr");
    table.appendChild(element("caption", "", "Per cent of residents"));
    ["Group", "Here", of].forEach(function (text) {
      var cell = head.appendChild(element("th", "", text));
      cell.scope = "col";
    });
    table.appendChild(element("thead")).appendChild(head);
    var body = table.appendChild(element("tbody"));
    data.groups.names.forEach(function (group, k) {
      var row = body.appendChild(element("tr")), name = row.appendChild(element("th", "", group));
      name.scope = "row";
      row.appendChild(bar(here[k], ""));
      row.appendChild(bar(there[k], "wm-around"));
    });
  }

  function bar(share, name) {
    var cell = element("td", name), line = element("span", "wm-bar");
    line.style.width = share.toFixed(1) + "%";
    cell.appendChild(element("span", "wm-share", share.toFixed(1)));
    cell.appendChild(element("span", "wm-track")).appendChild(line);
    return cell;
  }
})(window.wmspatial);
