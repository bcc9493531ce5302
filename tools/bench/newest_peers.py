"""Times what scanpy's main line does not use by default: illico's Wilcoxon and umap-learn on all cores.

    python newest_peers.py OURS.h5ad [THREADS]

OURS.h5ad is what tools/bench/pipeline has written: logarithms, a neighbour graph and obs["leiden"]. One JSON line a step.
"""
import json, sys, time, warnings

import numpy as np
import scanpy as sc
from illico import asymptotic_wilcoxon

warnings.filterwarnings("ignore")
path, threads = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2


def timed(name, f):
    for run in ("first", "second"):
        t, c = time.perf_counter(), time.process_time()
        f()
        print(json.dumps({"step": name, "run": run, "s": round(time.perf_counter() - t, 3),
                          "cpu_s": round(time.process_time() - c, 3)}), flush=True)


x = sc.read_h5ad(path)
x.X = x.X.tocsr()
timed("illico", lambda: asymptotic_wilcoxon(x, is_log1p=True, group_keys="leiden", n_threads=threads,
                                            tie_correct=False, use_continuity=False, return_as_scanpy=True))
timed("umap_parallel", lambda: sc.tl.umap(x, random_state=None))
