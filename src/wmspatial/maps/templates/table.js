// Every area in a table, for those who do not use the map: made when it is first opened.
(function (wm) {
  "use strict";

  var element = wm.element, sentence = wm.sentence;

  wm.table = function (map) {
    var data = wm.dataOf(map), fold = wm.pageOf(map).querySelector(".wm-each"), made = "";
    function build() {
      if (!fold.open || made === wm.lookOf(map).id) return;
      made = wm.lookOf(map).id;
      data.order = { by: 2, down: !!data.down };
      draw(map, fold);
    }
    fold.addEventListener("toggle", build);
    map.on("wm:look", build);
  };

  // What stands in each column: its heading, the words, and what it is sorted by.
  function columns(map) {
    var data = wm.dataOf(map), look = wm.lookOf(map), first = wm.looks(data)[0];
    function text(packed) { return function (i) { return sentence(packed, i); }; }
    var found = [{ name: "Name", text: text(data.names) }, { name: "Where", text: text(data.places) }];
    (data.tabled ? wm.looks(data) : look.id === first.id ? [first] : [first, look]).forEach(function (one) {
      found.push({ name: one.label, text: function (i) { return wm.valueOf(data, one, i); },
        key: function (i) { return wm.numberOf(data, one, i); }, number: !!data.tabled && !!one.values });
    });
    (data.facts || []).forEach(function (fact) {
      if (fact.table) found.push({ name: fact.label, text: text(fact.values) });
    });
    data.fields.forEach(function (field) {
      if (!field.table && field.label !== "Residents") return;
      var number = field.label !== "Class";
      found.push({ name: field.label, text: text(field.values), number: number, key: number ? function (i) {
        return parseFloat(sentence(field.values, i).replace(/[^0-9. ]/g, ""));
      } : null });
    });
    found.push({ name: "Why", text: text(data.reasons), wide: true });
    return found.filter(function (column) {
      return column.name !== "Why" || Array.prototype.some.call(data.category, function (_, i) { return column.text(i); });
    });
  }

  function draw(map, fold) {
    var data = wm.dataOf(map), room = fold.querySelector(".wm-scroll"), all = wm.columns(map);
    room.textContent = "";
    var table = element("table"), body = element("tbody"), head = element("tr");
    table.appendChild(element("caption", "", fold.querySelector("summary").textContent +
      (data.banner ? ". " + data.banner : "")));
    all.forEach(function (column, k) {
      var cell = head.appendChild(element("th", column.wide ? "wm-wide" : ""));
      cell.scope = "col";
      cell.appendChild(wm.button("wm-sort", column.name, function () {
        data.order = { by: k, down: data.order.by === k && !data.order.down };
        sort();
        wm.say(map, "Sorted by " + column.name + (data.order.down ? ", downwards" : ""));
      }));
    });
    table.appendChild(element("thead")).appendChild(head);
    table.appendChild(body);
    room.appendChild(table);
    function sort() {
      Array.prototype.forEach.call(head.children, function (cell, k) {
        if (k === data.order.by) cell.setAttribute("aria-sort", data.order.down ? "descending" : "ascending");
        else cell.removeAttribute("aria-sort");
      });
      fill(map, body, all, ordered(data, all[data.order.by], data.order.down));
    }
    body.addEventListener("keydown", walk);
    sort();
  }

  // Nothing known comes last, whichever way.
  function ordered(data, column, down) {
    var order = Array.from(data.category, function (_, i) { return i; }), way = down ? -1 : 1;
    var keys = order.map(column.key || column.text);
    var compare = column.key ? null : new Intl.Collator("en-GB", { numeric: true }).compare;
    return order.sort(function (a, b) {
      var x = keys[a], y = keys[b];
      if (compare) return way * compare(x, y) || a - b;
      if (isNaN(x) || isNaN(y)) return isNaN(x) - isNaN(y) || a - b;
      return way * (x - y) || a - b;
    });
  }

  // Very many rows are made a piece at a time: the page stays quick under the reader's hands.
  function fill(map, body, all, order) {
    var at = 0, mine = body.turn = (body.turn || 0) + 1;
    body.textContent = "";
    (function more() {
      if (mine !== body.turn) return;
      var piece = document.createDocumentFragment();
      for (var end = Math.min(at + 2000, order.length); at < end; at++) piece.appendChild(line(map, all, order[at], at));
      body.appendChild(piece);
      if (at < order.length) setTimeout(more, 20);
    })();
  }

  function line(map, all, i, at) {
    var row = element("tr"), name = row.appendChild(element("th"));
    name.scope = "row";
    var open = name.appendChild(wm.button("wm-link", all[0].text(i), function () {
      wm.goTo(map, [i]);
      wm.choose(map, i, true);
    }));
    // One stop for the whole column: arrows go from name to name.
    open.tabIndex = at ? -1 : 0;
    all.slice(1).forEach(function (column) {
      row.appendChild(element("td", column.wide ? "wm-wide" : column.number ? "wm-number-cell" : "", column.text(i)));
    });
    return row;
  }

  function walk(event) {
    var row = event.target.closest("tr");
    var next = row && { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
    if (!next) return;
    event.preventDefault();
    event.target.tabIndex = -1;
    var open = next.querySelector("button");
    open.tabIndex = 0;
    open.focus();
  }

  // Another page may have others.
  wm.columns = columns;
})(window.wmspatial);
