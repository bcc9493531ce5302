"""Runs a short session, so that the kernel's classes are there to be archived when it ends."""

import sys

from jupyter_client.manager import start_new_kernel

CELLS = [
    "%use cellweave",
    "val adata = sc.datasets.simulatedBatches(nCells = 300, nBatches = 2)\nadata",
    """sc.pp.normalizeTotal(adata)
sc.pp.log1p(adata)
sc.pp.pca(adata, nComps = 10)
sc.pp.neighbors(adata)
sc.tl.umap(adata)
sc.tl.leiden(adata)
sc.pl.umap(adata, color = "leiden")""",
    "adata.obs",
    "adata.X",
]


def main():
    manager, client = start_new_kernel(kernel_name=sys.argv[1], startup_timeout=120)
    try:
        for cell in CELLS:
            reply = client.execute_interactive(cell, timeout=120, output_hook=lambda message: None)
            if reply["content"]["status"] != "ok":
                sys.exit(f"{cell}\n{reply['content'].get('evalue')}")
        client.shutdown()
        # The JVM writes the archive on its way out.
        manager.finish_shutdown(waittime=90)
    finally:
        client.stop_channels()
        if manager.is_alive():
            manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    main()
