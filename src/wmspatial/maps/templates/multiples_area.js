// What all maps say of one area, beside each other: where it is pointed at, where it was chosen, and
// in the table of all of them. Every word is set as text, never as HTML.
(function (wm) {
  "use strict";

  var element = wm.element, sentence = wm.sentence;

  function words(one) {
    if (!one.category) return "not on this map";
    return one.value ? one.value + " (" + one.category.name + ")" : one.category.name;
  }

  function card(board, area) {
    var data = board.data, made = element("div", "wm-card"), place = sentence(data.places, area);
    made.appendChild(element("strong", "wm-name", sentence(data.names, area)));
    made.appendChild(element("div", "wm-place", (place ? place + ", " : "") + sentence(data.codes, area)));
    made.appendChild(board.panelOf(area) ? beside(board, area) : element("p", "", "It is on no map."));
    if (data.banner) made.appendChild(element("p", "wm-mark", data.banner));
    return made;
  }

  function beside(board, area) {
    var table = element("table", "wm-beside"), body = table.appendChild(element("tbody"));
    board.told(area).forEach(function (one) {
      var row = body.appendChild(element("tr")), head = row.appendChild(element("th", "", one.panel.name));
      head.scope = "row";
      var value = row.appendChild(element("td", "wm-number-cell", one.value));
      if (!one.category || !board.panels[one.panel.number].values) value.remove();
      var cell = row.appendChild(element("td"));
      if (!one.category) {
        cell.colSpan = one.panel.values ? 2 : 1;
        cell.textContent = words(one);
        return;
      }
      cell.appendChild(wm.swatch(one.category));
      cell.appendChild(document.createTextNode(" " + one.category.name));
    });
    return table;
  }

  // A note beside the pointer; it stays inside the window.
  function follow(board, area, at) {
    var tip = board.tip;
    if (!tip) {
      tip = board.tip = wm.pageOf(board).appendChild(element("div", "wm-tip wm-tip-all"));
      tip.setAttribute("aria-hidden", "true");
    }
    tip.hidden = area < 0;
    if (area < 0) return;
    if (tip.area !== area) {
      tip.textContent = "";
      tip.appendChild(card(board, area));
    }
    tip.area = area;
    var wide = tip.offsetWidth, high = tip.offsetHeight, x = at[0] + 16, y = at[1] + 16;
    if (x + wide > window.innerWidth - 8) x = Math.max(8, at[0] - 16 - wide);
    if (y + high > window.innerHeight - 8) y = Math.max(8, at[1] - 16 - high);
    tip.style.left = x + "px";
    tip.style.top = y + "px";
  }

  function point(board, area, panel, at, aloud) {
    var changed = board.pointed !== area;
    board.pointed = area;
    if (changed || area >= 0) follow(board, area, at);
    if (!changed) return;
    board.rings();
    if (area >= 0 && aloud) wm.say(board, spoken(board, area));
  }

  function spoken(board, area) {
    var told = board.told(area);
    return sentence(board.data.names, area) + ": " + told.map(function (one) {
      return one.panel.name + " " + words(one);
    }).join("; ");
  }

  function room(board) { return wm.pageOf(board).querySelector(".wm-chosen"); }

  wm.choose = function (board, area, byKeyboard) {
    var data = board.data, box = room(board), top = element("div", "wm-top");
    if (data.chosen < 0) board.opener = document.activeElement;
    data.chosen = area;
    box.textContent = "";
    var made = box.appendChild(card(board, area)), head = element("h2", "", sentence(data.names, area));
    head.tabIndex = -1;
    made.replaceChild(top, made.querySelector(".wm-name"));
    top.appendChild(head);
    var shut = top.appendChild(wm.button("wm-close", "×", function () { wm.close(board); }));
    shut.setAttribute("aria-label", "Close");
    box.hidden = false;
    box.parentNode.classList.add("wm-open");
    board.point(-1);
    board.rings();
    if (byKeyboard) head.focus();
    wm.say(board, spoken(board, area));
    board.fire("wm:choose");
  };

  wm.close = function (board) {
    var box = room(board), inside = box.contains(document.activeElement), back = board.opener;
    if (board.data.chosen < 0) return;
    board.data.chosen = -1;
    box.hidden = true;
    box.textContent = "";
    box.parentNode.classList.remove("wm-open");
    board.rings();
    if (inside) (back && back.isConnected && back !== document.body ? back : board.panels[0].sheet).focus({ preventScroll: true });
    board.fire("wm:choose");
  };

  function number(text) {
    return parseFloat(text.replace(/[,£€$]/g, "").replace("−", "-"));
  }

  // A column a map; where every area is on one map only, one that says which.
  function columns(board) {
    var data = board.data, first = [{ name: "Name", text: function (i) { return sentence(data.names, i); } },
      { name: "Where", text: function (i) { return sentence(data.places, i); } }];
    function column(name, one) {
      return { name: name, text: function (i) { return one(i) ? words(one(i)) : ""; }, key: function (i) {
        var found = one(i);
        if (!found || !found.category) return NaN;
        return found.panel.values ? number(found.value) : data.categories.indexOf(found.category);
      } };
    }
    if (board.apart) {
      return first.concat([{ name: "Map", text: function (i) { return named(board.told(i)[0]); },
        key: function (i) { var one = board.told(i)[0]; return one ? one.panel.number : NaN; } },
      column(data.first, function (i) { return board.told(i)[0]; })]);
    }
    return first.concat(board.panels.map(function (panel, k) {
      return column(panel.name, function (i) { return board.told(i)[k]; });
    }));
  }

  function named(one) { return one ? one.panel.name : "on no map"; }

  wm.beside = function (board) {
    wm.columns = columns;
    board.point = function (area, panel, at, aloud) { point(board, area, panel, at, aloud); };
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && !event.defaultPrevented) { board.point(-1); wm.close(board); }
    });
  };
})(window.wmspatial);
