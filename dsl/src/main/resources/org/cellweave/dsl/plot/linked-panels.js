(place, data) => {
  const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
  const shorts = text => new Uint16Array(bytes(text).buffer);
  const sides = {};
  const chosen = {side: null, flags: null};
  const element = (name, parent, style, text) => {
    const made = parent.appendChild(document.createElement(name));
    if (style) made.style.cssText = style;
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const row = element("div", place, "display:flex;flex-wrap:wrap;gap:16px;font:12px sans-serif;color:#000;background:#fff");
  const told = element("div", place, "font:12px sans-serif;margin:4px 0;color:#000;background:#fff");
  told.setAttribute("role", "status");
  const names = element("textarea", place, "width:100%;max-width:560px;height:60px;box-sizing:border-box;display:none");
  names.readOnly = true;
  names.setAttribute("aria-label", "names of the clones");

  const panel = side => {
    const own = data[side];
    const box = element("div", row);
    element("div", box, "text-align:center;font-size:14px;margin-bottom:4px", own.title);
    const stage = element("div", box, `position:relative;width:${data.width}px;height:${data.height}px;border:1px solid #888`);
    const layer = () => {
      const canvas = element("canvas", stage, "position:absolute;left:0;top:0;touch-action:none");
      canvas.width = across;
      canvas.height = down;
      canvas.style.width = data.width + "px";
      canvas.style.height = data.height + "px";
      const brush = canvas.getContext("2d");
      brush.scale(scale, scale);
      return {canvas, brush};
    };
    const dots = layer(), lasso = layer();
    lasso.canvas.style.cursor = "crosshair";
    const legend = element("div", box, `width:${data.width}px;margin-top:4px;line-height:1.5`);
    const margin = 12;
    const x = Float32Array.from(shorts(own.x), v => margin + v / 65535 * (data.width - 2 * margin));
    const y = Float32Array.from(shorts(own.y), v => data.height - margin - v / 65535 * (data.height - 2 * margin));
    const pixels = dots.brush.createImageData(across, down);
    return {side, own, dots, lasso, legend, pixels, x, y, color: shorts(own.color), n: x.length};
  };

  // Pixels are set one by one: a path of a hundred thousand circles takes seconds to fill.
  const scale = Math.max(1, window.devicePixelRatio || 1);
  const across = Math.round(data.width * scale), down = Math.round(data.height * scale);
  const stamp = diameter => {
    const radius = diameter * scale / 2, reach = Math.ceil(radius), out = [];
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        const cover = Math.min(1, radius + 0.5 - Math.hypot(dx, dy));
        if (cover > 0) out.push([dx, dy, cover]);
      }
    }
    return out;
  };
  const paint = (p, indices, color, diameter) => {
    const rgb = parseInt(color.slice(1), 16);
    const channels = [rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255];
    const dot = stamp(diameter), pixels = p.pixels.data;
    for (const i of indices) {
      const cx = Math.round(p.x[i] * scale), cy = Math.round(p.y[i] * scale);
      for (const [dx, dy, cover] of dot) {
        const x = cx + dx, y = cy + dy;
        if (x < 0 || y < 0 || x >= across || y >= down) continue;
        const at = 4 * (y * across + x);
        for (let k = 0; k < 3; k++) pixels[at + k] = pixels[at + k] * (1 - cover) + channels[k] * cover;
      }
    }
  };
  const byColor = (p, indices, colorOf, palette, diameter) => {
    const groups = palette.map(() => []);
    for (const i of indices) groups[colorOf(i)].push(i);
    groups.forEach((own, k) => { if (own.length) paint(p, own, palette[k], diameter); });
  };
  const keys = (p, entries, ends) => {
    p.legend.replaceChildren();
    for (const [name, color] of entries) {
      const entry = element("span", p.legend, "margin-right:10px;white-space:nowrap");
      element("span", entry, `display:inline-block;width:9px;height:9px;border-radius:5px;margin-right:4px;background:${color}`);
      element("span", entry, "", name);
    }
    if (!ends) return;
    element("span", p.legend, "", ends.low);
    element("span", p.legend, "display:inline-block;width:110px;height:9px;margin:0 6px;border:1px solid #000;" +
      `background:linear-gradient(to right,${ends.colors.join(",")})`);
    element("span", p.legend, "", ends.high);
  };
  const usualKeys = p => keys(p, p.own.keys, p.own.ends);
  const all = n => Array.from({length: n}, (_, i) => i);

  const draw = p => {
    p.pixels.data.fill(255);
    drawDots(p);
    p.dots.brush.putImageData(p.pixels, 0, 0);
  };
  const drawDots = p => {
    const size = p.own.size, every = all(p.n);
    if (!chosen.side) {
      byColor(p, every, i => p.color[i], p.own.colors, size);
      usualKeys(p);
      return;
    }
    const isLit = lit(p.side);
    const shown = every.filter(isLit), rest = every.filter(i => !isLit(i));
    if (data.mode === "highlight" || p.side === chosen.side) paint(p, rest, data.background, size);
    if (p.side === "clones" && chosen.side === "cells") {
      byColor(p, shown, i => Math.round(shares[i] * (data.ramp.length - 1)), data.ramp, size);
      keys(p, [], {low: "0 %", high: "100 % of the clone's cells", colors: data.ramp});
    } else if (data.mode === "highlight" && p.side === "cells") {
      paint(p, shown, data.chosen, size * 1.6);
      keys(p, [["chosen", data.chosen], ["others", data.background]], null);
    } else {
      byColor(p, shown, i => p.color[i], p.own.colors, size);
      usualKeys(p);
    }
  };

  const cloneOf = new Int32Array(bytes(data.cloneOf).buffer);
  let shares = new Float32Array(data.clones.names.length);
  const lit = side => {
    if (side === chosen.side) return i => chosen.flags[i] === 1;
    return side === "cells" ? i => cloneOf[i] >= 0 && chosen.flags[cloneOf[i]] === 1 : i => shares[i] > 0;
  };
  const count = flags => flags.reduce((sum, flag) => sum + flag, 0);
  const number = n => n.toLocaleString("en");

  const refresh = () => {
    if (chosen.flags && count(chosen.flags) === 0) { chosen.side = null; chosen.flags = null; }
    shares.fill(0);
    if (chosen.side === "cells") {
      const sizes = new Int32Array(shares.length);
      for (let i = 0; i < cloneOf.length; i++) {
        const c = cloneOf[i];
        if (c < 0) continue;
        sizes[c]++;
        shares[c] += chosen.flags[i];
      }
      for (let c = 0; c < shares.length; c++) shares[c] = sizes[c] ? shares[c] / sizes[c] : 0;
    }
    for (const side of ["clones", "cells"]) draw(sides[side]);
    tell();
  };
  const tell = () => {
    names.style.display = chosen.side ? "block" : "none";
    if (!chosen.side) {
      told.textContent = "Draw around clones or cells to choose them, with shift to add; click beside them to end.";
      return;
    }
    const isClone = lit("clones"), isCell = lit("cells");
    const clones = all(shares.length).filter(isClone), cells = all(cloneOf.length).filter(isCell).length;
    told.textContent = chosen.side === "clones"
      ? `${number(clones.length)} clones chosen: ${number(cells)} of ${number(cloneOf.length)} cells`
      : `${number(cells)} cells chosen, of ${number(clones.length)} clones`;
    if (chosen.side === "cells") clones.sort((a, b) => shares[b] - shares[a] || a - b);
    names.value = clones.map(c => data.clones.names[c]).join("\n");
  };
  const choose = (side, indices, adds) => {
    const flags = adds && chosen.side === side ? chosen.flags : new Uint8Array(sides[side].n);
    for (const i of indices) flags[i] = 1;
    chosen.side = side;
    chosen.flags = flags;
    refresh();
  };

  const inside = (path, x, y) => {
    let is = false;
    for (let i = 0, j = path.length - 1; i < path.length; j = i++) {
      const [ax, ay] = path[i], [bx, by] = path[j];
      if (ay > y !== by > y && x < (bx - ax) * (y - ay) / (by - ay) + ax) is = !is;
    }
    return is;
  };
  const nearest = (p, x, y, reach) => {
    let best = -1, least = reach * reach;
    for (let i = 0; i < p.n; i++) {
      const d = (p.x[i] - x) ** 2 + (p.y[i] - y) ** 2;
      if (d <= least) { least = d; best = i; }
    }
    return best;
  };
  const listen = p => {
    const canvas = p.lasso.canvas, brush = p.lasso.brush;
    let path = null;
    const at = event => {
      const edge = canvas.getBoundingClientRect();
      return [event.clientX - edge.left, event.clientY - edge.top];
    };
    canvas.addEventListener("pointerdown", event => {
      path = [at(event)];
      try { canvas.setPointerCapture(event.pointerId); } catch (e) { /* a pointer that the page has made */ }
      event.preventDefault();
    });
    canvas.addEventListener("pointermove", event => {
      if (!path) {
        const i = nearest(p, ...at(event), 6);
        const clone = i < 0 ? -1 : p.side === "clones" ? i : cloneOf[i];
        canvas.title = i < 0 ? "" : clone < 0 ? "no clone" : data.clones.names[clone];
        return;
      }
      path.push(at(event));
      brush.clearRect(0, 0, data.width, data.height);
      brush.beginPath();
      path.forEach(([x, y], k) => k ? brush.lineTo(x, y) : brush.moveTo(x, y));
      brush.closePath();
      brush.fillStyle = "rgba(0,0,0,0.08)";
      brush.strokeStyle = "#444";
      brush.fill();
      brush.stroke();
    });
    const end = event => {
      if (!path) return;
      const drawn = path;
      path = null;
      brush.clearRect(0, 0, data.width, data.height);
      const wide = Math.max(...drawn.map(a => Math.hypot(a[0] - drawn[0][0], a[1] - drawn[0][1])));
      if (wide < 4) {
        const i = nearest(p, ...drawn[0], 6);
        choose(p.side, i < 0 ? [] : [i], i >= 0 && event.shiftKey);
      } else {
        choose(p.side, all(p.n).filter(i => inside(drawn, p.x[i], p.y[i])), event.shiftKey);
      }
    };
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", () => { path = null; });
  };

  for (const side of ["clones", "cells"]) {
    sides[side] = panel(side);
    listen(sides[side]);
  }
  refresh();
}
