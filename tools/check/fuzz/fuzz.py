"""Makes files, has them read by both sides, tells what differs; see run."""
import argparse
import collections
import importlib
import json
import os
import pathlib
import pickle
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
import zlib

import numpy as np

import compare
import servers

KINDS = {"h5ad": "hdf5", "text": "texts", "mtx": "tenx", "10x": "tenx", "10x_h5": "tenx", "loom": "tenx", "xlsx": "sheets", "h5mu": "modalities"}
# Of a hundred files, what share each kind has: .h5ad has by far the most forms.
SHARES = {"h5ad": 40, "text": 20, "mtx": 8, "10x": 12, "10x_h5": 8, "loom": 6, "xlsx": 6, "h5mu": 10}
OURS = {
    "org.cellweave.util.FormatException", "org.cellweave.util.MissingKeyException", "org.cellweave.util.ShapeMismatchException",
    "org.cellweave.util.ConvergenceException", "java.lang.IllegalArgumentException",
}
# Differences that are meant: what they look like, what was done to the file where that says more, and why.
KNOWN = [
    (r"^raw\.var\.\w+: column u?int\d+, ours cat", "", "labels of a raw table before 0.7 lie in uns, where anndata looks for those of obs and var alone"),
    (r"^X: type (bool|u?int\d+|float64), ours float32$", "", "scanpy keeps the type of counts of 10x files that are not int32; here X is float32 wherever that is exact"),
    (r"^obs\.index\[\d+\]: '([^'\\]*)\\t[^']*', ours '\1'$", "", "barcodes.tsv is separated by tabs; scanpy takes the line up to a comma for the name"),
    (r"^obs\.index\[\d+\]: '([^'\\]*)', ours '\1,", "barcodes.*damage", "barcodes.tsv is separated by tabs; scanpy takes the line up to a comma for the name"),
    (r"^var\.index\[\d+\]: 'nan', ours ''$", "^10x ", "pandas makes NaN of a name that is not there"),
    (r"^(obs\.index|var\.gene_ids)\[\d+\]: '([^']*)', ours '\2\\x00", "^10x ", "pandas ends a text at NUL"),
    (r"^(obs|var)\.index\[\d+\]: 'nan', ours '\\x00", "^10x ", "pandas ends a text at NUL, and makes NaN of what is left"),
    (r"\.index\[\d+\]: '([^'\"]*)', ours '\"?\1\"?'$", "damage", "anndata strips quotation marks from names, single ones too"),
    (r"^(obs|var|raw\.var)\.\w+: column u?int8 ?, ours cat", "^v0\\.7.*bytes", "a column whose attributes are damaged is codes to anndata"),
    (r"^X: type float32, ours int(32|64)$", "^10x h5", "scanpy rounds counts that float32 lacks"),
    (r"^obs\.index\[\d+\]: \"<tuple>", "^10x h5", "scanpy makes tuples of barcodes in two dimensions"),
    (r"^(obs|var)\.b'", "bytes way", "names that are no UTF-8 any more are bytes to h5py, and text with a mark in their place here"),
    (r"^(obs|var)\.index\[\d+\]: '[\d.e+-]+', ours '[\d.e+-]+'$", "number .* (bf16|f24|bias)", "floats of widths that numpy lacks are float64 to h5py and float32 here where that holds them"),
    (r"^(obs|var)\.index\[\d+\]: \"\(", "^10x h5", "scanpy makes tuples of names in two dimensions"),
    (r"^(obs|var)\.cat: cat , ours column|^uns\.cat_categories: only in ours$", "^v0\.6.*(shape|kind) uns/cat_categories", "categories in two dimensions, or of references, are none here"),
    (r"^shape \[\d+, \d+\], ours", "hostile True.*utf-8-sig", "a comment behind a byte order mark is a line of data to anndata"),
    (r"^obs: columns \[.*\"b'", "bytes way", "names that are no UTF-8 any more are bytes to h5py, and text with a mark in their place here"),
    (r"^(obs|var)\.index\[0\]: '#([^']*)', ours '\2'$", "hostile True.*utf-8-sig", "a comment behind a byte order mark is a name to anndata"),
    (r"^shape \[\d+, (\d+)\], ours \[\d+, \1\]$", "header False.*odd True", "1_000 is a name here, such as that of a sample, and a number to Python"),
    (r"^shape \[\d+, \d+\], ours", "header False names False.*utf-8-sig", "a byte order mark makes a name of the first number in anndata"),
    (r"^uns\.\w+: shape \[[\d, ]*\], ours \[1, ", "^v0\\.6.*shape uns/", "anndata takes the first of old texts in two dimensions"),
    (r"^uns\.\S+: anndata \{", "link uns/", "a raw that is linked into uns is read as its members"),
    (r"^uns\.\S+: other void, ours rec ", "", "a single record is read as a table of one row"),
    (r"\]: None, ours '", "(dtype \\S+/mask [iu]\\d|kind \\S+/mask enum)", "a mask of numbers is taken for positions by pandas"),
    (r": ordered True, ours False$", "@ordered way [357]", "the text 'False' is true in Python"),
    (r"^(obs|var|raw\.var)\.\w+: type object, ours u?int\d+$", "^v0\\.6.*bytes", "h5py makes objects of an enumeration with damaged names"),
    (r"^(obs|var)\.\w+\[\d+\]: (True|False|-?\d+), ours None$|^(X|(obs|var)\.\w+)\[\d+\]: 0\.0, ours |\.codes\[\d+\]: 0, ours ", "bytes way", "a damaged index of chunks or the like, so that HDF5 sees a fill value where the chunk is there"),
    (r"^var\.genome(\[\d+\])?: ", "^10x h5.*dtype matrix/features/genome", "a genome is a name here, also where it is spelled as a number"),
    (r"^var\.index\[\d+\]: '\d+', ours '", "^loom.*bytes way", "damaged links, so that HDF5 sees no names of genes that are there"),
]
BAD = ["crash", "hang", "raw exception", "silent difference", "written difference"]


def judge_error(error, *paths):
    """None for a good error, which names one of the files; what is wrong with it otherwise."""
    message = error["message"] or ""
    writing = len(paths) > 1 and error["type"] == "java.io.UncheckedIOException"
    if error["type"] not in OURS and not writing:
        return f"{error['type']}: {message[:150]} at {error['at']}"
    if "\n" in message or "\r" in message or any(ord(c) < 32 or 127 <= ord(c) < 160 for c in message):
        return f"a message of several lines or with control characters: {message[:150]!r} at {error['at']}"
    if not any(p.name in message for p in paths):
        return f"a message without the file's name: {message[:150]} at {error['at']}"
    return None


def in_a_child(make, answer):
    """What a function returns, worked out in a process of its own; None when that dies, as HDF5's libraries may."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            answer.write_bytes(pickle.dumps(make()))
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return None
    if status != 0:
        raise SystemExit("a file cannot be made, see above")
    return pickle.loads(answer.read_bytes())


class Campaign:
    def __init__(self, options, work):
        self.options, self.work = options, work
        self.ours = servers.ours(work, "ours", options.seconds)
        self.peer = servers.peers(work, "peer", options.seconds)
        self.counts = collections.defaultdict(collections.Counter)
        self.causes = collections.defaultdict(collections.Counter)
        self.done = 0
        self.keep = pathlib.Path(options.keep) if options.keep else None

    def run(self, kind, number):
        seed = [self.options.seed, zlib.crc32(kind.encode()), number]
        rng = np.random.default_rng(seed)
        module = importlib.import_module(KINDS[kind])
        folder = self.work / "files"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        made = in_a_child(lambda: module.generate(rng, folder, f"{kind}-{number:06d}"), self.work / "made")
        if made is None:
            self.done += 1
            self.count(kind, number, "died while it was made, by the HDF5 library", "", "", folder, [])
            return
        path, notes = made[0], made[1]
        spoken = made[2] if len(made) > 2 else kind
        model = made[3] if len(made) > 3 else None
        judges = not (len(made) > 4 and made[4]) or model is not None
        out = folder / "written.h5ad"
        self.ours.ask(spoken, path, out)
        self.peer.ask(spoken, path)
        theirs, mine = self.peer.answer(), self.ours.answer()
        self.done += 1
        for what, cause, text in self.judge(theirs, mine, path, out, model, "; ".join(notes)):
            if what == "silent difference" and not judges:
                what, cause = "quotes that the peer does not know", ""
            if self.options.verbose:
                print(f"{path.name}: {what}: {text} [{'; '.join(notes)}]")
            self.count(kind, number, what, cause, text, path, notes)

    def judge(self, theirs, mine, path, out, model, notes):
        if "crash" in mine:
            return [("crash", f"{mine['stage'] or 'reading'}: {compare.cause(mine['crash'])}", mine["crash"])]
        if "hang" in mine:
            return [("hang", " < ".join(mine["hang"][:4]), " < ".join(mine["hang"]))]
        if "error" in mine:
            wrong = judge_error(mine["error"], path)
            if wrong:
                return [("raw exception", compare.cause(wrong), wrong)]
            text = f"{mine['error']['message']}"
            if "dump" in theirs or model is not None:
                return [("refused by us alone", compare.cause(text.replace(path.name, "")), text)]
            return [("refused by both", "", text)]
        found = []
        if "dump" in theirs:
            found += self.silent(theirs["dump"], mine, model, "both read", notes)
        elif model is not None:
            found += self.silent(model, mine, None, "read by us alone", notes)
        else:
            text = str(theirs.get("error") or theirs)
            found.append(("read by us alone", compare.cause(text[:160]), text[:300]))
        return found + self.written(mine, path, out, "dump" in theirs)

    def silent(self, theirs, mine, model, good, notes):
        wrong = compare.differences(theirs, mine["dump"])
        if wrong and model is not None and not compare.differences(model, mine["dump"]):
            return [("right where the peer is not", compare.cause(wrong[0]), wrong[0])]
        # What was left out with a warning that names it is not silent.
        said = " ".join(mine["warnings"])
        quiet = [w for w in wrong if not (re.search(r"missing in ours$|: columns \[", w) and named(w, said))]
        meant = [w for w in quiet if any(re.search(pattern, w) and re.search(done, notes) for pattern, done, _ in KNOWN)]
        quiet = [w for w in quiet if w not in meant]
        if meant and not quiet:
            return [("differs as it is meant to", "", "")]
        if quiet:
            return [("silent difference", compare.cause(quiet[0]), "; ".join(quiet[:4]))]
        return [("left out with a warning" if wrong else good, "", "")]

    def written(self, mine, path, out, sound):
        if "write" in mine:
            wrong = judge_error(mine["write"], path, out)
            what = "written difference" if wrong else "write refused"
            text = wrong or mine["write"]["message"]
            return [(what, compare.cause("write: " + text), text)]
        if not out.exists() or compare.opaque(mine["dump"]):
            return []
        self.peer.ask("h5ad", out)
        back = self.peer.answer()
        if "crash" in back:
            # A peer that read damaged files for long may die of one of those: a new one reads it once more.
            self.peer.ask("h5ad", out)
            back = self.peer.answer()
        if "dump" not in back and not sound:
            # What anndata refuses in the file, it may refuse in a copy.
            return [("refused by anndata before and after", "", "")]
        if "dump" not in back:
            text = f"anndata refuses what we wrote: {back}"
            return [("written difference", compare.cause(text[:300]), text[:400])]
        kept = {f"{key}: missing in ours" for key in mine["dump"]["unread"]}
        wrong = [w for w in compare.differences(back["dump"], mine["dump"], written=True) if w not in kept]
        return [("written difference", compare.cause(wrong[0]), "; ".join(wrong[:4]))] if wrong else []

    def count(self, kind, number, what, cause, text, path, notes):
        self.counts[kind][what] += 1
        if not cause:
            return
        self.causes[kind, what][cause] += 1
        if self.keep is None or self.causes[kind, what][cause] > self.options.each or what == "right where the peer is not":
            return
        folder = self.keep / kind / what.replace(" ", "-")
        folder.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, folder / path.name, dirs_exist_ok=True)
        else:
            shutil.copy(path, folder / path.name)
        note = f"{text}   [{'; '.join(notes)}]   repeat: {self.repeat(kind, number)}\n"
        (folder / (path.name + ".txt")).write_text(note.replace("\n", "\\n")[:-2] + "\n", errors="replace")

    def repeat(self, kind, number):
        return f"tools/check/fuzz/run --seed {self.options.seed} --kinds {kind} --first {number} --files 1"

    def table(self):
        names = sorted({w for c in self.counts.values() for w in c}, key=lambda w: (w not in BAD, w))
        names = BAD + [w for w in names if w not in BAD]
        width = max(len(w) for w in names)
        kinds = list(self.counts)
        lines = ["".ljust(width) + "".join(k.rjust(12) for k in kinds) + "all".rjust(12)]
        for w in names:
            row = [self.counts[k][w] for k in kinds]
            lines.append(w.ljust(width) + "".join(str(v).rjust(12) for v in row) + str(sum(row)).rjust(12))
        return "\n".join(lines)


def named(difference, said):
    key = difference.split(":", 1)[0].replace(".", "/")
    return key in said or key.rsplit("/", 1)[-1] in said


def main():
    p = argparse.ArgumentParser(prog="tools/check/fuzz/run")
    p.add_argument("--files", type=int, default=400, help="files of all kinds together")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--first", type=int, default=0, help="number of the first file of every kind")
    p.add_argument("--kinds", default=",".join(KINDS))
    p.add_argument("--keep", help="folder for failing files, one per cause and kind of failure")
    p.add_argument("--each", type=int, default=1, help="files kept of each cause")
    p.add_argument("--seconds", type=float, default=10, help="longest time for a file")
    p.add_argument("--verbose", action="store_true", help="tell the outcome of every file")
    options = p.parse_args()
    kinds = options.kinds.split(",")
    whole = sum(SHARES[k] for k in kinds)
    counts = {k: -(-options.files * SHARES[k] // whole) for k in kinds}
    work = pathlib.Path(tempfile.mkdtemp(prefix="fuzz"))
    campaign = Campaign(options, work)
    began = told = time.monotonic()
    # Ended from outside, it still tells what it has seen and takes its processes along.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        # Kinds take turns by their shares, so that a run that is ended has seen something of all.
        turns = sorted(((k + 0.5) / counts[kind], kind, k) for kind in kinds for k in range(counts[kind]))
        for _, kind, k in turns:
            campaign.run(kind, options.first + k)
            if time.monotonic() - told > 60:
                told = time.monotonic()
                print(f"{campaign.done} files, {told - began:.0f} s", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        print("ended early", file=sys.stderr)
    finally:
        campaign.ours.stop()
        campaign.peer.stop()
        shutil.rmtree(work, ignore_errors=True)
    for (kind, what), causes in campaign.causes.items():
        if what in BAD:
            for cause, n in causes.most_common(12):
                print(f"{kind}: {what}: {n} x {cause}")
    print(campaign.table())
    total = sum(sum(c[w] for w in BAD) for c in campaign.counts.values())
    print(f"{campaign.done} files, {time.monotonic() - began:.0f} s, {total} faults; "
          f"tools/check/fuzz/run --seed {options.seed} --kinds {options.kinds} --first {options.first} --files {options.files}")
    sys.exit(total > 0 or campaign.done < sum(counts.values()))


main()
