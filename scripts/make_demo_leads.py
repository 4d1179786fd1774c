#!/usr/bin/env python3
"""Writes data/demo/leads.csv, blocklist.csv and expected.json: a list as a small office really keeps it.

Always the same bytes. `--check` writes nothing and fails if the committed files differ.
Every number is invented: mobiles use prefixes that no network has (154, 160, 161, 163, 164, 168, 169, 179) and block
0000; landlines area codes that no place has (0300, 0400, 0600, 0640); 400 numbers begin with 400-000.
"""
import csv
import io
import json
import random
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent / "data" / "demo"
RANDOM = random.Random(20260601)
HEADER = ["手机号码", "客户名称", "公司名称", "地址", "备注"]

PREFIXES = ["154", "160", "161", "163", "164", "168", "169", "179"]
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
RARE = ["𠮷先生", "㐂女士", "䶮经理", "𣲗先生", "镕老师", "喆女士"]
TITLES = ["先生", "女士", "经理", "老师", "老板"]
TRADES = ["百货", "五金", "餐饮", "装饰", "物流", "教育", "服装", "建材", "汽修", "茶业"]
FIRMS = ["云杉", "白露", "青禾", "北斗", "南风", "长河", "小满", "远山"]
NOTES = ["", "", "", "老客户", "要发票", "下午打", "展会名片", "朋友介绍", "去年问过价", "先加微信"]
FULL_WIDTH = str.maketrans("0123456789+-", "０１２３４５６７８９＋－")
LTR_MARK = "\u202d"


def pick(items):
    return items[int(RANDOM.random() * len(items))]


def name():
    return pick(SURNAMES) + pick(TITLES)


def sheet_row(cell):
    firm = f"{pick(FIRMS)}{pick(TRADES)}（演示）有限公司" if RANDOM.random() < 0.7 else ""
    place = f"演示市样例区虚构路{1 + int(RANDOM.random() * 300)}号" if RANDOM.random() < 0.6 else ""
    return [cell, name(), firm, place, pick(NOTES)]


def mobiles():
    """Every mobile number once, prefixes in turn. From 0100 on: lower endings tell the simulated carrier how to behave."""
    for serial in range(100, 10_000):
        for prefix in PREFIXES:
            yield f"{prefix}0000{serial:04}"


def grouped(n, by):
    return f"{n[:3]}{by}{n[3:7]}{by}{n[7:]}"


# How a good mobile number is written in such a file: (how many, how).
SPELLINGS = [
    (30, lambda n: "+86" + n),
    (12, lambda n: "86" + n),
    (8, lambda n: "0086" + n),
    (10, lambda n: "+86 " + grouped(n, " ")),
    (30, lambda n: grouped(n, " ")),
    (10, lambda n: f" {n} "),
    (30, lambda n: grouped(n, "-")),
    (30, lambda n: n.translate(FULL_WIDTH)),
    (5, lambda n: ("+86" + n).translate(FULL_WIDTH)),
    (15, lambda n: "0" + n),
    (30, lambda n: n + ".0"),
    (20, lambda n: "'" + n),
    (10, lambda n: LTR_MARK + n),
    (5, lambda n: f"({n[:3]}){n[3:]}"),
    (5, lambda n: grouped(n, ".")),
    (10, lambda n: n + "\t"),
]
LANDLINES = [lambda a, n: a + n, lambda a, n: f"{a}-{n}", lambda a, n: f"({a}){n}", lambda a, n: f"{a} {n}"]
# What nobody can dial: (how many, how).
BAD = [
    (8, lambda n: n[:10]),
    (6, lambda n: n + "7"),
    (8, lambda n: f"{n[0]}.{n[1:3]}E+10"),
    (6, lambda n: pick(["无", "见备注", "电话停用", "待补"])),
    (4, lambda n: ""),
    (4, lambda n: "12" + n[2:]),
    (2, lambda n: n[:3] + "****" + n[7:]),
    (2, lambda n: "————"),
]
DUPLICATES = 45
BLOCKED = 15
ROWS = 1000


def build():
    fresh = mobiles()
    rows, known = [], []

    for many, write in SPELLINGS:
        for _ in range(many):
            number = next(fresh)
            known.append(number)
            rows.append(("added", sheet_row(write(number))))
    for serial in range(30):
        area = ["0300", "0400", "0600", "0640"][serial % 4]
        local = f"2000{serial + 100:04}" if serial % 8 < 4 else f"200{serial + 100:04}"
        rows.append(("added", sheet_row(LANDLINES[serial // 4 % 4](area, local))))
    for serial in range(12):
        rows.append(("added", sheet_row(f"400000{serial + 100:04}" if serial % 2 else f"400-000-{serial + 100:04}")))
    for many, write in BAD:
        for _ in range(many):
            rows.append(("bad", sheet_row(write(next(fresh)))))
    blocked = [next(fresh) for _ in range(BLOCKED)]
    for at, number in enumerate(blocked):
        rows.append(("blocked", sheet_row("+86" + number if at % 3 == 0 else number)))
    while len(rows) < ROWS - DUPLICATES:
        number = next(fresh)
        known.append(number)
        rows.append(("added", sheet_row(number)))

    # What else a file holds: separators, quotes and line breaks in quoted cells, and characters beyond GBK.
    good = [row for fate, row in rows if fate == "added"]
    for at in range(12):
        good[at * 7][1] = pick(SURNAMES) + "总;" + pick(SURNAMES) + "总"
    for at in range(6):
        good[at * 11 + 3][2] = f"{pick(FIRMS)}\"{pick(TRADES)}\"（演示）商行"
        good[at * 13 + 5][1] = RARE[at]
    for at in range(3):
        good[at * 17 + 9][4] = "先打手机\n再打座机"

    for at in range(len(rows) - 1, 0, -1):
        other = int(RANDOM.random() * (at + 1))
        rows[at], rows[other] = rows[other], rows[at]
    for _ in range(DUPLICATES):
        number = pick(known)
        many, write = pick(SPELLINGS)
        row = sheet_row(write(number))
        # Behind its first appearance, so that the first one is the one added.
        first = next(at for at, (_, seen) in enumerate(rows) if digits(seen[0]) == number)
        rows.insert(first + 1 + int(RANDOM.random() * (len(rows) - first)), ("duplicate", row))
    return rows, blocked


def digits(cell):
    kept = "".join(c for c in cell.translate({0xFF10 + d: str(d) for d in range(10)}) if c.isdigit())
    return kept[:-1] if cell.endswith(".0") else kept[-11:] if len(kept) > 11 else kept


def leads_csv(rows):
    out = io.StringIO()
    write = csv.writer(out, delimiter=";", lineterminator="\r\n")
    write.writerow(HEADER)
    for at, (_, row) in enumerate(rows):
        write.writerow(row)
        if at % 97 == 50:
            out.write("\r\n")
        if at % 211 == 100:
            out.write(";;;;\r\n")
    return out.getvalue().encode("gb18030")


def blocklist_csv(blocked):
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    write.writerow(["号码", "限制类型", "原因"])
    reasons = ["客户要求勿再打", "投诉", "同行"]
    for at, number in enumerate(blocked):
        write.writerow([number, ["限制呼出", "限制呼入呼出"][at % 2], reasons[at % 3]])
    return out.getvalue().encode("utf-8-sig")


def main():
    rows, blocked = build()
    assert len(rows) == ROWS
    fates = [fate for fate, _ in rows]
    expected = {"rows": ROWS} | {fate: fates.count(fate) for fate in ["added", "duplicate", "bad", "blocked"]}
    files = {
        "leads.csv": leads_csv(rows),
        "blocklist.csv": blocklist_csv(blocked),
        "expected.json": (json.dumps(expected) + "\n").encode(),
    }
    stale = [name for name, content in files.items()
             if not (HERE / name).exists() or (HERE / name).read_bytes() != content]
    if "--check" in sys.argv:
        sys.exit(f"data/demo: {', '.join(stale)} not as scripts/make_demo_leads.py writes them" if stale else 0)
    for name, content in files.items():
        (HERE / name).write_bytes(content)
    print(json.dumps(expected))


main()
