#!/usr/bin/env python3
"""Makes a picture of a tmux pane: scripts/terminal_picture.py PANE OUT.png (needs tmux, chromium, a CJK font)."""
import html
import re
import subprocess
import sys
import tempfile

BASIC = ["#1b1f24", "#e5534b", "#3fb950", "#d29922", "#539bf5", "#b083f0", "#39c5cf", "#c9d1d9"]
BRIGHT = ["#6e7681", "#ff7b72", "#56d364", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#ffffff"]


def indexed(n):
    if n < 16:
        return (BASIC + BRIGHT)[n]
    if n < 232:
        n -= 16
        return "#%02x%02x%02x" % tuple(0 if c == 0 else 55 + 40 * c for c in (n // 36, n // 6 % 6, n % 6))
    return "#%02x%02x%02x" % ((8 + 10 * (n - 232),) * 3)


def restyle(style, codes):
    codes = [int(c or 0) for c in codes.split(";")]
    i = 0
    while i < len(codes):
        c = codes[i]
        if c == 0:
            style = {}
        elif c == 1:
            style = {**style, "bold": True}
        elif c == 2:
            style = {**style, "dim": True}
        elif c == 7:
            style = {**style, "reverse": True}
        elif c in (22, 27):
            style = {k: v for k, v in style.items() if k not in (("bold", "dim") if c == 22 else ("reverse",))}
        elif 30 <= c <= 37 or 90 <= c <= 97:
            style = {**style, "fg": BASIC[c - 30] if c < 90 else BRIGHT[c - 90]}
        elif 40 <= c <= 47 or 100 <= c <= 107:
            style = {**style, "bg": BASIC[c - 40] if c < 100 else BRIGHT[c - 100]}
        elif c in (38, 48) and i + 1 < len(codes):
            key = "fg" if c == 38 else "bg"
            if codes[i + 1] == 5:
                style = {**style, key: indexed(codes[i + 2])}
                i += 2
            else:
                style = {**style, key: "#%02x%02x%02x" % tuple(codes[i + 2 : i + 5])}
                i += 4
        elif c in (39, 49):
            style = {k: v for k, v in style.items() if k != ("fg" if c == 39 else "bg")}
        i += 1
    return style


def css(style):
    fg, bg = style.get("fg", "#c9d1d9"), style.get("bg", "#0d1117")
    if style.get("reverse"):
        fg, bg = bg, fg
    more = ";font-weight:bold" if style.get("bold") else ""
    return f"color:{fg};background:{bg}{more}" + (";opacity:.7" if style.get("dim") else "")


def wide(ch):
    import unicodedata

    return unicodedata.east_asian_width(ch) in "WF"


def line_html(line):
    out, style = [], {}
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if part.startswith("\x1b["):
            style = restyle(style, part[2:-1])
            continue
        for ch in part:
            columns = 2 if wide(ch) else 1
            out.append(f'<i class="c{columns}" style="{css(style)}">{html.escape(ch)}</i>')
    return "<div>" + "".join(out) + "</div>"


def main(pane, target):
    text = subprocess.run(["tmux", "capture-pane", "-t", pane, "-e", "-p"], capture_output=True, text=True, check=True)
    size = subprocess.run(["tmux", "display", "-t", pane, "-p", "#{pane_width} #{pane_height}"], capture_output=True, text=True)
    columns, rows = map(int, size.stdout.split())
    body = "".join(line_html(line) for line in text.stdout.split("\n")[:rows])
    page = f"""<meta charset=utf-8><style>body{{margin:8px;background:#0d1117;font:15px/18px 'DejaVu Sans Mono','Noto Sans Mono CJK SC',monospace}}
div{{height:18px;white-space:pre;display:flex}}i{{font-style:normal;display:inline-block;height:18px;overflow:hidden;text-align:center}}
.c1{{width:9px}}.c2{{width:18px}}</style>{body}"""
    with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as file, tempfile.TemporaryDirectory() as home:
        file.write(page)
        file.flush()
        subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--hide-scrollbars", f"--user-data-dir={home}",
             f"--window-size={columns * 9 + 16},{rows * 18 + 16}", f"--screenshot={target}", f"file://{file.name}"],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
