// What the page says of an area, and how it begins: every word shown comes from the data, and is
// set as text, never as HTML.
(function (wm) {
  "use strict";

  var sentence = wm.sentence, dataOf = wm.dataOf;
  // Pixels; in less there is no room for anything but the margin.
  var LEAST = 24;

  function element(tag, name, text) {
    var made = document.createElement(tag);
    if (name) made.className = name;
    if (text) made.textContent = text;
    return made;
  }

  wm.button = function (name, text, press) {
    var made = element("button", name, text);
    made.type = "button";
    made.addEventListener("click", press);
    return made;
  };

  wm.pageOf = function (map) { return map.getContainer().closest(".wm-page"); };

  // Some people are made ill by what moves on a screen.
  wm.calm = function () { return window.matchMedia("(prefers-reduced-motion: reduce)").matches; };

  // A few words for those who hear the page.
  wm.say = function (map, text) { wm.pageOf(map).querySelector(".wm-say").textContent = text; };

  function swatch(category) {
    var made = element("span", "wm-swatch", category.symbol);
    made.style.backgroundColor = category.colour;
    made.setAttribute("aria-hidden", "true");
    if (category.pattern === "hatch") made.classList.add("wm-hatch");
    if (dark(category.colour)) made.classList.add("wm-on-dark");
    return made;
  }

  function dark(colour) {
    var n = parseInt(colour.slice(1), 16);
    return 0.299 * (n >> 16) + 0.587 * ((n >> 8) & 255) + 0.114 * (n & 255) < 140;
  }

  function thousands(text) { return text.replace(/\B(?=(\d{3})+$)/g, ","); }

  wm.written = function (value, decimals) {
    var text = Math.abs(value).toFixed(decimals), parts = text.split(".");
    return (value < 0 && Number(text) ? "−" : "") + thousands(parts[0]) + (parts[1] ? "." + parts[1] : "");
  };

  // The number behind the colour of an area; for kinds, which of them it is.
  wm.numberOf = function (data, look, i) {
    var given = look.values;
    if (!given) return look.category[i];
    if (given.group !== undefined) return wm.shares(data, [i])[given.group];
    if (given.numbers) return given.numbers[i] === null ? NaN : given.numbers[i];
    return given.ints[i] === given.missing ? NaN : given.ints[i] / Math.pow(10, given.decimals);
  };

  // The same in words.
  wm.valueOf = function (data, look, i) {
    var name = look.categories[look.category[i]].name;
    if (!look.values) return name;
    var number = wm.numberOf(data, look, i);
    if (isNaN(number)) return name;
    var text = wm.written(number, look.values.decimals), sign = text.charAt(0) === "−" ? "−" : "";
    return sign + (look.values.before || "") + text.slice(sign.length) + look.values.unit;
  };

  // And with what it is the value of, where that does not go without saying.
  wm.titled = function (data, look, i) {
    return (look.id === wm.looks(data)[0].id ? data.prefix : look.label + ": ") + wm.valueOf(data, look, i);
  };

  // Per cent of the people of some areas in each group.
  wm.shares = function (data, list) {
    var all = 0, sums = data.groups.counts.map(function (counts) {
      return list.reduce(function (sum, i) { return sum + Math.max(0, counts[i]); }, 0);
    });
    sums.forEach(function (sum) { all += sum; });
    return sums.map(function (sum) { return all ? 100 * sum / all : NaN; });
  };

  function headed(category, text) {
    var head = element("div", "wm-class");
    head.appendChild(swatch(category));
    head.appendChild(element("span", "", text));
    return head;
  }

  function listed(list, label, text) {
    if (!text) return;
    list.appendChild(element("dt", "", label));
    list.appendChild(element("dd", "", text));
  }

  // What the tooltip says: name, what the colour stands for, and the numbers behind the class.
  function card(map, i) {
    var data = dataOf(map), look = wm.lookOf(map), first = wm.looks(data)[0];
    var made = element("div", "wm-card"), list = element("dl");
    made.appendChild(element("strong", "wm-name", sentence(data.names, i)));
    var place = sentence(data.places, i);
    if (place) made.appendChild(element("div", "wm-place", place));
    made.appendChild(headed(look.categories[look.category[i]], wm.titled(data, look, i)));
    if (look.id !== first.id) listed(list, first.label, wm.valueOf(data, first, i));
    data.fields.forEach(function (field) { listed(list, field.label, sentence(field.values, i)); });
    made.appendChild(list);
    if (data.banner) made.appendChild(element("p", "wm-mark", data.banner));
    return made;
  }

  function start(map, corners) {
    if (!window.Path2D || !Path2D.prototype.addPath) throw new Error("This browser cannot draw the map.");
    var data = dataOf(map), box = map.getContainer();
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", data.label);
    if (map.attributionControl) map.attributionControl.setPrefix("Leaflet");
    if (wm.calm()) still(map);
    wm.whole = function (map) {
      map.invalidateSize({ animate: false, pan: false });
      // A frame that is not shown yet, in a notebook's other tab say, has no size, or next to none while
      // it unfolds: the observer comes back.
      if (Math.min(map.getSize().x, map.getSize().y) < LEAST) return;
      map.fitBounds(map.wmspatial.corners, { animate: false, padding: [6, 6] });
    };
    data.corners = corners;
    ["pointerdown", "pointermove", "wheel", "keydown"].forEach(function (kind) {
      box.addEventListener(kind, function (event) {
        if (kind !== "pointermove") data.touched = true;
        // A finger opens the panel, which says more: a tooltip would only be in the way.
        if (event.pointerType) box.classList.toggle("wm-by-finger", event.pointerType === "touch");
        // The ring of focus is for the keyboard; Leaflet gives focus on a click as well.
        if (kind === "pointerdown") box.classList.add("wm-by-pointer");
        if (kind === "keydown") box.classList.remove("wm-by-pointer");
      }, { passive: true, capture: true });
    });
    box.addEventListener("blur", function () { box.classList.remove("wm-by-pointer"); });
    wm.whole(map);
    if (window.ResizeObserver) {
      new ResizeObserver(function () {
        if (data.touched) map.invalidateSize({ animate: false, pan: false }); else wm.whole(map);
      }).observe(box);
    }
    L.control.scale({ imperial: false }).addTo(map);
    if (data.banner) {
      var mark = L.control({ position: "bottomright" });
      mark.onAdd = function () { return element("div", "wm-map-mark", data.banner); };
      mark.addTo(map);
    }
    wm.printing(map, corners);
  }

  function still(map) {
    var pan = map.panBy;
    map.options.inertia = false;
    map._zoomAnimated = false;
    map.panBy = function (offset, options) { return pan.call(map, offset, L.extend({}, options, { animate: false })); };
  }

  // Once the page's own layers are there.
  function begin(map) {
    wm.legend(map);
    wm.panel(map);
    wm.tools(map);
    wm.table(map);
    wm.names(map);
    // The tools took room.
    wm.whole(map);
    wm.state(map);
  }

  wm.start = start;
  wm.begin = begin;
  wm.card = card;
  wm.swatch = swatch;
  wm.dark = dark;
  wm.headed = headed;
  wm.listed = listed;
  wm.element = element;
})(window.wmspatial);
