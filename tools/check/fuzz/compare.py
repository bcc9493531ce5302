"""The first differences between what two programs read, as paths and sentences."""
import math
import re


def same(a, b, tolerance=0.0):
    if isinstance(a, float) and isinstance(b, float):
        if math.isnan(a) and math.isnan(b):
            return True
        return a == b or abs(a - b) <= tolerance * abs(a)
    return a == b


def values(a, b, path, out, tolerance=0.0):
    if a is None or b is None:
        if a is not b:
            out.append(f"{path}: values of one side only")
        return
    if len(a) != len(b):
        out.append(f"{path}: {len(a)} values, ours {len(b)}")
        return
    # What is added up in float32 is exact to the largest summands, not to a small sum.
    largest = max((abs(x) for x in a if isinstance(x, float) and math.isfinite(x)), default=0.0) if tolerance else 0.0
    for i, (x, y) in enumerate(zip(a, b)):
        if not same(x, y, tolerance) and not (tolerance and isinstance(x, float) and abs(x - y) <= tolerance * largest):
            out.append(f"{path}[{i}]: {x!r}, ours {y!r}")
            return


def dtype_of(e):
    return e.get("dtype")


def texts(c):
    """What every row of a column shows."""
    if c["t"] == "cat":
        cats = c["cats"]["v"]
        return [None if k < 0 else cats[k] for k in c["codes"]]
    return c["v"]


def column(a, b, path, out, written):
    if a["t"] != b["t"]:
        # Texts become categories when they are written, in anndata as here.
        if written and {a["t"], b["t"]} == {"cat", "column"}:
            values(texts(a), texts(b), path, out)
        else:
            out.append(f"{path}: {a['t']} {a.get('dtype', '')}, ours {b['t']} {b.get('dtype', '')}")
        return
    if a["t"] == "cat":
        column(a["cats"], b["cats"], path + ".categories", out, written)
        values(a["codes"], b["codes"], path + ".codes", out)
        if a["ordered"] != b["ordered"]:
            out.append(f"{path}: ordered {a['ordered']}, ours {b['ordered']}")
        return
    values(a["v"], b["v"], path, out)
    if a["dtype"] != b["dtype"] and a["v"]:
        out.append(f"{path}: type {a['dtype']}, ours {b['dtype']}")


def names(c):
    """Names as text; a byte order mark, which anndata leaves, and NULs at the end, which NumPy drops, are none of it."""
    return [str(v).removeprefix("\ufeff").rstrip("\0") if v is not None else None for v in c["v"]]


def table(a, b, path, out, written):
    values(names(a["index"]), names(b["index"]), path + ".index", out)
    if a["name"] != b["name"]:
        out.append(f"{path}.index: name {a['name']!r}, ours {b['name']!r}")
    ka, mine = [k for k, _ in a["cols"]], dict(b["cols"])
    for k, c in a["cols"]:
        if k in mine:
            column(c, mine[k], f"{path}.{k}", out, written)
        else:
            out.append(f"{path}.{k}: missing in ours")
    if [k for k in ka if k in mine] != list(mine):
        out.append(f"{path}: columns {ka}, ours {list(mine)}")


def element(a, b, path, out, written):
    ta, tb = a["t"], b["t"]
    if tb == "opaque":
        return
    if ta == tb == "dict":
        dicts(a["v"], b["v"], path, out, written)
    elif ta == tb == "table":
        table(a, b, path, out, written)
    elif ta == tb == "rec":
        dicts(a["v"], b["v"], path, out, written)
    elif ta == tb == "anndata":
        whole(a["v"], b["v"], out, written, path + "/")
    elif ta in ("column", "cat") and tb in ("column", "cat"):
        column(a, b, path, out, written)
    elif {ta, tb} <= {"array", "matrix"}:
        # anndata makes a column of what has one dimension beside the cells.
        upgraded = written and list(a["shape"]) == [*b["shape"], 1]
        if list(a["shape"]) != list(b["shape"]) and not upgraded:
            out.append(f"{path}: shape {a['shape']}, ours {b['shape']}")
            return
        # Entries that are there twice are added up, there in the matrix's own type, here in float64.
        values(a["v"], b["v"], path, out, 1e-6 if a.get("sparse") else 0.0)
        if a["dtype"] != b["dtype"]:
            out.append(f"{path}: type {a['dtype']}, ours {b['dtype']}")
    elif ta == tb:
        if not same(a.get("v"), b.get("v")):
            out.append(f"{path}: {a.get('v')!r}, ours {b.get('v')!r}")
    elif ta == "array" and tb == "scalar" and a["shape"] == []:
        values(a["v"], [b["v"]], path, out)
    elif tb == "array" and ta == "scalar" and b["shape"] == []:
        values([a["v"]], b["v"], path, out)
    elif tb == "array" and ta == "column" and len(b["shape"]) == 1:
        values(a["v"], b["v"], path, out)
    else:
        out.append(f"{path}: {ta} {a.get('dtype') or a.get('v')}, ours {tb} {b.get('dtype') or b.get('v')}"[:200])


def dicts(a, b, path, out, written):
    for k in a:
        if k not in b:
            out.append(f"{path}.{k}: missing in ours")
        else:
            element(a[k], b[k], f"{path}.{k}", out, written)
    for k in b:
        if k not in a and b[k]["t"] != "opaque":
            out.append(f"{path}.{k}: only in ours")


def whole(a, b, out, written=False, prefix=""):
    """Appends the differences of two dumps; `written` allows what writing changes."""
    if not a or not b:
        return
    if a["shape"] != b["shape"]:
        out.append(f"{prefix}shape {a['shape']}, ours {b['shape']}")
        return
    element(a["X"], b["X"], prefix + "X", out, written)
    for s in ("obs", "var"):
        table(a[s], b[s], prefix + s, out, written)
    for s in ("layers", "obsm", "varm", "obsp", "varp", "uns"):
        dicts(a[s], b[s], prefix + s, out, written)
    ra, rb = a["raw"], b["raw"]
    if (ra is None) != (rb is None):
        out.append(f"{prefix}raw: {'none' if ra is None else 'there'}, ours {'none' if rb is None else 'there'}")
    elif ra is not None:
        element(ra["X"], rb["X"], prefix + "raw.X", out, written)
        table(ra["var"], rb["var"], prefix + "raw.var", out, written)
        dicts(ra["varm"], rb["varm"], prefix + "raw.varm", out, written)


def differences(peer, mine, written=False):
    out = []
    whole(peer, mine, out, written)
    return out


def opaque(dump):
    """True when a dump holds an element that only its own program can read."""
    if isinstance(dump, dict):
        return dump.get("t") == "opaque" or any(opaque(v) for v in dump.values())
    return isinstance(dump, list) and any(opaque(v) for v in dump)


def cause(text):
    """A sentence without what differs from file to file, so that files of one cause fall together."""
    text = re.sub(r"/[^ ':,]*/", "", text)
    text = re.sub(r"'[^']*'", "'_'", text)
    text = re.sub(r'"[^"]*"', '"_"', text)
    text = re.sub(r"\[[^\]]*\]", "[_]", text)
    text = re.sub(r"0x[0-9a-f]+|-?\d+(\.\d+)?([eE][-+]?\d+)?|nan|inf", "#", text)
    return text[:160]
