"""anndata's side of tools/bench/files: reads and writes a file, turn by turn in one process.

usage: files_peer.py IN.h5ad OUT.h5ad [COMPRESSION] [TURNS]
"""
import os
import resource
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import anndata as ad

source, target = sys.argv[1:3]
compression = sys.argv[3] if len(sys.argv) > 3 and sys.argv[3] != "none" else None
turns = int(sys.argv[4]) if len(sys.argv) > 4 else 2


def timed(what, turn, body):
    start, cpu = time.perf_counter(), time.process_time()
    out = body()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"anndata\t{what}\t{turn}\t{time.perf_counter() - start:.2f}\t{time.process_time() - cpu:.2f}\t{peak:.2f}",
        flush=True,
    )
    return out


for turn in range(1, turns + 1):
    a = timed("read", turn, lambda: ad.read_h5ad(source))
    if os.path.exists(target):
        os.remove(target)
    timed("write", turn, lambda: a.write_h5ad(target, compression=compression))
    del a
