"""Tables as text: .csv, .tsv and .txt, plain and gzipped, with what must be read wherever the text is sound."""
import gzip

import numpy as np

NAMES = ["A1", "b", "CD3E", "x-1", "g.2", "Zürich", "ñandú", "日本", "é", "HLA DRA", "αβ", "MT-CO1", "n_7", "Æ"]
PLAIN = ["0", "1", "2", "7", "3.5", "-1", "1e3", "1E-5", "+3", ".5", "5.", "0.1", "16777217", "123456.789", "-0"]
ODD = ["NaN", "nan", "inf", "-inf", "1e39", "1e-50", "0x10", "1_000", "１", " 1 ", "", "NA", "None", "1d5", "Infinity", "TRUE", "1.5.2", "--1", "1f", "1e", "\u00a01", "#1", "'1'", '"1"']


def pick(rng, seq):
    return seq[int(rng.integers(len(seq)))]


def quoted(text, delimiter, way, rng):
    if way == "all" or any(c in text for c in f'"\n\r{delimiter or " "}') or (way == "some" and rng.random() < 0.3):
        return '"' + text.replace('"', '""') + '"'
    return text


def column(values):
    return {"t": "column", "dtype": "object", "n": len(values), "v": list(values)}


def model(x, obs, var, obs_name=None):
    """What a dump of this table is."""
    x = np.asarray(x, dtype="f4")
    table = lambda names, name: {"t": "table", "index": column(names), "name": name, "cols": []}
    return {
        "shape": list(x.shape), "obs": table(obs, obs_name), "var": table(var, None),
        "X": {"t": "matrix", "dtype": "float32", "sparse": False, "shape": list(x.shape), "nnz": None, "v": [float(v) for v in x.ravel()]},
        "layers": {}, "obsm": {}, "varm": {}, "obsp": {}, "varp": {}, "uns": {}, "raw": None,
    }


def distinct(rng, pool, n, suffix):
    return [pick(rng, pool) + f"_{suffix}{k}" if rng.random() < 0.8 else f"{suffix}{k}" for k in range(n)]


def damage(rng, data):
    """Bytes changed, lines lost, doubled or cut; returns the data and a note."""
    b = bytearray(data)
    way = int(rng.integers(7))
    if not b:
        return bytes(b), "none"
    at = int(rng.integers(len(b)))
    if way == 0:
        b = b[:at]
    elif way == 1:
        b[at] = int(rng.integers(256))
    elif way == 2:
        b[at:at] = pick(rng, [b"\n", b"\r", b",", b"\t", b'"', b";", b"\x00", b"\xff", b"\xc3", b" ", b"#", b"\xef\xbb\xbf", b"e", b"-"])
    elif way == 3:
        del b[at : at + int(rng.integers(1, 6))]
    else:
        lines = bytes(b).split(b"\n")
        k = int(rng.integers(len(lines)))
        if way == 4:
            lines.insert(k, lines[k])
        elif way == 5:
            del lines[k]
        else:
            lines.insert(k, pick(rng, [b"", b"#comment", b"  ", b"x", b",,,"]))
        b = bytearray(b"\n".join(lines))
    return bytes(b), f"damage way {way}"


def generate(rng, folder, name):
    kind = pick(rng, ["csv", "csv", "tsv", "txt", "tab"])
    delimiter = {"csv": pick(rng, [",", ",", ",", ";", "\t"]), "txt": pick(rng, [" ", "\t", "  "])}.get(kind, "\t")
    n, p = int(rng.integers(1, 6)), int(rng.integers(1, 6))
    numbers = [[pick(rng, PLAIN) for _ in range(p)] for _ in range(n)]
    odd = rng.random() < 0.3
    if odd:
        for _ in range(int(rng.integers(1, 3))):
            numbers[int(rng.integers(n))][int(rng.integers(p))] = pick(rng, ODD)
    header, row_names = rng.random() < 0.85, rng.random() < 0.85
    hostile = rng.random() < 0.2
    pool = NAMES + ([f'a{delimiter}b', 'say "hi"', "", "12", "'s", "#x"] if hostile else [])
    # Between blanks a quotation mark holds to the end of its line at most.
    pool += ["two\nlines"] if hostile and delimiter.strip(" ") else []
    obs = distinct(rng, pool, n, "c")
    var = distinct(rng, pool, p, "g")
    if rng.random() < 0.1:
        obs[-1], var[-1] = obs[0], var[0]
    corner = pick(rng, ["", "", "gene", "cell"])
    way = pick(rng, ["none", "none", "some", "all"])
    q = lambda t: quoted(t, delimiter, way, rng)
    lines = []
    comment = rng.random() < 0.1
    if comment:
        lines.append("# made by a test")
    if header:
        lines.append(delimiter.join(([q(corner)] if row_names else []) + [q(v) for v in var]))
    for i in range(n):
        lines.append(delimiter.join(([q(obs[i])] if row_names else []) + numbers[i]))
    end = pick(rng, ["\n", "\n", "\n", "\r\n", "\r"])
    text = end.join(lines) + (end if rng.random() < 0.8 else "")
    notes = [f"{kind} {n}x{p} delimiter {delimiter!r} quotes {way} header {header} names {row_names} odd {odd} hostile {hostile} end {end!r}"]
    encoding = pick(rng, ["utf-8"] * 7 + ["utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        data = text.encode("utf-8")
        encoding = "utf-8"
    notes.append(encoding)
    sound = not odd and not comment and encoding != "latin-1" and not any(line.startswith("#") for line in lines)
    # Blanks cannot hold an empty corner, and a blank inside quotes is no end there.
    if kind == "txt" and row_names and header and corner == "":
        sound = False
    if rng.random() < 0.35:
        data, note = damage(rng, data)
        notes.append(note)
        sound = False
    ending = f".{kind}"
    if rng.random() < 0.15:
        data, ending = gzip.compress(data), ending + ".gz"
        if rng.random() < 0.3:
            data, note = damage(rng, data)
            notes.append("gzip " + note)
            sound = False
    path = folder / (name + ending)
    path.write_bytes(data)
    expected = None
    if sound:
        # A mark of this kind is no name, and what nobody names has its number.
        rows = [str(i) for i in range(n)] if not row_names else obs
        cols = [str(j) for j in range(p)] if not header else var
        expected = model([[float(v) for v in row] for row in numbers], rows, cols)
    # anndata knows no quotes: it is no judge of damaged ones.
    return path, notes, "any", expected, '"' in text
