// The legend: what the map is coloured by, and each class of it a button that shows or hides it.
(function (wm) {
  "use strict";

  var CLASS = "class";

  // What the map can be coloured by: the classes first, then what the page's maker added.
  function looks(data) {
    if (!data.looks) {
      data.looks = [{ id: CLASS, label: data.first || "Class", category: data.category, categories: data.categories,
        values: data.values }].concat(data.layers || []);
    }
    return data.looks;
  }

  wm.lookOf = function (map) {
    var data = wm.dataOf(map);
    return looks(data).filter(function (look) { return look.id === (data.look || CLASS); })[0];
  };

  // The layers of a look, one a class of it; those that nobody asked for are not made.
  function layersOf(map, look) {
    if (!look.drawn) {
      look.drawn = look.id === CLASS ? wm.sheetOf(map).layers.slice(0, look.categories.length)
        : look.categories.map(function (_, number) { return wm.layer(map, look, number); });
    }
    return look.drawn;
  }

  function shownIn(map, number) {
    var layer = layersOf(map, wm.lookOf(map))[number];
    return !!layer && map.hasLayer(layer);
  }

  function show(map, number, yes) {
    var layer = layersOf(map, wm.lookOf(map))[number];
    if (!layer || yes === map.hasLayer(layer)) return;
    if (yes) map.addLayer(layer); else map.removeLayer(layer);
  }

  // Names of the classes that are hidden now.
  wm.hidden = function (map) {
    return wm.lookOf(map).categories.filter(function (_, number) { return !shownIn(map, number); })
      .map(function (category) { return category.name; });
  };

  wm.hide = function (map, names) {
    wm.lookOf(map).categories.forEach(function (category, number) {
      show(map, number, names.indexOf(category.name) < 0);
    });
  };

  wm.colourBy = function (map, id) {
    var data = wm.dataOf(map), before = wm.lookOf(map);
    var known = looks(data).some(function (look) { return look.id === id; });
    if (!known || id === before.id) return;
    data.switching = true;
    layersOf(map, before).forEach(function (layer) { map.removeLayer(layer); });
    data.look = id;
    layersOf(map, wm.lookOf(map)).forEach(function (layer) { map.addLayer(layer); });
    data.switching = false;
    drawLegend(map);
    map.fire("wm:look");
  };

  function legendBox(map) { return wm.pageOf(map).querySelector(".wm-legend"); }

  function drawLegend(map) {
    var data = wm.dataOf(map), look = wm.lookOf(map), box = legendBox(map), list = box.querySelector("ul");
    data.given = data.given || Array.from(box.children);
    box.textContent = "";
    if (look.id === CLASS) {
      data.given.forEach(function (one) { box.appendChild(one); });
      list = box.querySelector("ul");
    } else {
      var head = box.appendChild(wm.element("h2", "", look.title));
      if (data.banner) {
        head.appendChild(document.createTextNode(" "));
        head.appendChild(wm.element("small", "", data.banner));
      }
      list = box.appendChild(wm.element("ul"));
      look.categories.forEach(function (category, number) { list.appendChild(item(look, number)); });
      look.notes.forEach(function (note) { box.appendChild(wm.element("p", "wm-note", note)); });
    }
    Array.prototype.forEach.call(list.children, function (row) { press(map, row); });
    wm.dress(map);
  }

  function item(look, number) {
    var category = look.categories[number], row = wm.element("li", category.loud ? "" : "wm-quiet");
    row.dataset.number = number;
    row.appendChild(wm.swatch(category));
    var words = row.appendChild(wm.element("span", "wm-words"));
    words.appendChild(wm.element("b", "", category.name));
    if (category.meaning) words.appendChild(document.createTextNode(": " + category.meaning));
    words.appendChild(wm.element("span", "wm-count", look.counts[number]));
    return row;
  }

  // What stands in a row becomes a button; without scripts it is a legend all the same.
  function press(map, row) {
    if (row.firstElementChild.tagName === "BUTTON") return;
    var button = wm.element("button", "wm-toggle"), number = Number(row.dataset.number);
    button.type = "button";
    button.title = "Show or hide on the map";
    while (row.firstChild) button.appendChild(row.firstChild);
    row.appendChild(button);
    button.addEventListener("click", function () { show(map, number, !shownIn(map, number)); });
  }

  function agree(map) {
    var look = wm.lookOf(map), rows = legendBox(map).querySelectorAll("li[data-number]");
    Array.prototype.forEach.call(rows, function (row) {
      var layer = layersOf(map, look)[Number(row.dataset.number)];
      row.firstElementChild.setAttribute("aria-pressed", String(!!layer && map.hasLayer(layer)));
    });
  }

  // Patterns beside colours, for paper without colour and for eyes that do not tell them apart.
  wm.dress = function (map) {
    var data = wm.dataOf(map), look = wm.lookOf(map), rows = legendBox(map).querySelectorAll("li[data-number]");
    layersOf(map, look).forEach(function (layer, number) {
      layer.setStyle({ fillColor: wm.fill(look.categories[number], data.patterns, number) });
    });
    Array.prototype.forEach.call(rows, function (row) {
      var number = Number(row.dataset.number), tile = wm.tile(look.categories[number], data.patterns, number);
      var swatch = row.querySelector(".wm-swatch");
      swatch.classList.toggle("wm-patterned", !!tile && !!data.patterns);
      swatch.style.backgroundImage = tile && data.patterns ? "url(" + wm.picture(tile) + ")" : "";
    });
    agree(map);
  };

  wm.patterns = function (map, yes) {
    wm.dataOf(map).patterns = yes;
    wm.dress(map);
    map.fire("wm:patterns");
  };

  // The legend follows its layers, whoever shows or hides them: a button here, or a layer control.
  wm.legend = function (map) {
    var data = wm.dataOf(map);
    drawLegend(map);
    map.on("layeradd layerremove", function (event) {
      if (data.switching) return;
      var classes = layersOf(map, looks(data)[0]);
      if (event.type === "layeradd" && wm.lookOf(map).id !== CLASS && classes.indexOf(event.layer) >= 0) {
        var asked = classes.indexOf(event.layer);
        wm.colourBy(map, CLASS);
        wm.hide(map, data.categories.filter(function (_, n) { return n !== asked; })
          .map(function (category) { return category.name; }));
      }
      if (layersOf(map, wm.lookOf(map)).indexOf(event.layer) < 0) return;
      agree(map);
      map.fire("wm:classes");
    });
  };

  wm.looks = looks;
})(window.wmspatial);
