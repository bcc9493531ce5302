"""Writes the stand-in data of the ports into the current folder: small, simulated, at the names that the notebooks use.

    python data.py        needs numpy, pandas, scipy, anndata, h5py and matplotlib
"""

import gzip
import json
import os

import anndata as ad
import h5py
import matplotlib
import numpy as np
import pandas as pd
import scipy.io
import scipy.sparse as sp

matplotlib.use("Agg")
from matplotlib.image import imsave  # noqa: E402

MARKERS = """
IL7R CD79A MS4A1 CD8A CD8B LYZ CD14 LGALS3 S100A8 GNLY NKG7 KLRB1 FCGR3A MS4A7 FCER1A CST3 PPBP FCN1 TCF7L2 LYN COTL1
DMXL2 CLEC10A HBA1 HBB CD247 FCER1G TYROBP KLRG1 IL4R IGHD FCRL1 IGHM MZB1 HSP90B1 FNDC3B PRDM1 IGKC JCHAIN CD4 TRBC2
GZMK GZMA CCL5 GZMB GZMH CDK6 SYNGR1 HBM GYPA ID2 PLCG2 SYNE1 ITGB1 COL4A4 IRF4 PAX5 BCL11A BLK XBP1 LEF1 CCR7 TCF7
IL3RA COBLL1 TCF4 EPCAM MUC1 ETV5 S100A2 SLC1A2 IGJ IGLL1 CD3D
""".split()
MITOCHONDRIAL = [f"MT-{name}" for name in "ND1 ND2 ND3 ND4 ND5 CO1 CO2 CO3 ATP6 CYB".split()]
RIBOSOMAL = [f"RPS{i}" for i in range(2, 12)] + [f"RPL{i}" for i in range(3, 13)]
S_GENES = """
MCM5 PCNA TYMS FEN1 MCM2 MCM4 RRM1 UNG GINS2 MCM6 CDCA7 DTL PRIM1 UHRF1 MLF1IP HELLS RFC2 RPA2 NASP RAD51AP1 GMNN WDR76
SLBP CCNE2 UBR7 POLD3 MSH2 ATAD2 RAD51 RRM2 CDC45 CDC6 EXO1 TIPIN DSCC1 BLM CASP8AP2 USP1 CLSPN POLA1 CHAF1B BRIP1 E2F8
""".split()
G2M_GENES = """
HMGB2 CDK1 NUSAP1 UBE2C BIRC5 TPX2 TOP2A NDC80 CKS2 NUF2 CKS1B MKI67 TMPO CENPF TACC3 FAM64A SMC4 CCNB2 CKAP2L CKAP2 AURKB
BUB1 KIF11 ANP32E TUBB4B GTSE1 KIF20B HJURP CDCA3 HN1 CDC20 TTK CDC25C KIF2C RANGAP1 NCAPD2 DLGAP5 CDCA2 CDCA8 ECT2 KIF23
HMMR AURKA PSRC1 ANLN LBR CKAP5 CENPE CTCF NEK2 G2E3 GAS2L3 CBX5 CENPA
""".split()
MOUSE = """
Gata2 Gata1 Klf1 Epor Hba-a2 Elane Cebpe Gfi1 Irf8 Csf1r Ctsg Itga2b Prss34 Cma1 Gja1 Rn45s Aldh1l1 Slc1a3 Aqp4 Mog Mag
Pdgfra Susd5 Cspg4 Pecam1 Cldn5 Slco1c1 Ocln Gdf10 Vim Nbl1 A2m Slc17a7 Neurod6 Mab21l1 Gad1 Reln Calb1 Des Mcam Pdgfrb
""".split()


def human_genes(count):
    """Names that notebooks ask for, then as many others as needed."""
    named = list(dict.fromkeys(MARKERS + MITOCHONDRIAL + RIBOSOMAL + S_GENES + G2M_GENES))
    return named + [f"GENE{i}" for i in range(count - len(named))]


def mouse_genes(count):
    named = MOUSE + [f"mt-Nd{i}" for i in range(1, 6)] + [f"ERCC-{i:05d}" for i in range(1, 11)]
    return named + [f"Gm{i}" for i in range(count - len(named))]


def simulate(genes, cells, types, seed, depth=1500, batch=None):
    """Counts of cells of well-parted types, and each cell's type. A batch shifts a fifth of the genes a little."""
    shared = np.random.default_rng(11)
    base = shared.gamma(0.6, 1.0, len(genes)) + 0.05
    quiet = np.array([name.upper().startswith(("MT-", "RPS", "RPL", "HB", "ERCC")) for name in genes])
    base[quiet] = 0.7
    profiles = np.tile(base, (types, 1))
    for kind in range(types):
        own = shared.choice(np.flatnonzero(~quiet), len(genes) // 14, replace=False)
        profiles[kind, own] *= 12
    rng = np.random.default_rng(seed)
    if batch is not None:
        profiles = profiles * np.random.default_rng(100 + batch).lognormal(0, 0.15, len(genes))
    profiles = profiles / profiles.sum(1, keepdims=True)
    # The first types are the larger ones, as in real tissue.
    share = np.linspace(1.5, 0.7, types)
    kinds = rng.choice(types, cells, p=share / share.sum())
    sizes = rng.lognormal(np.log(depth), 0.25, cells)
    return rng.poisson(profiles[kinds] * sizes[:, None]).astype(np.float32), kinds


def barcodes(cells, seed=0, end="-1"):
    rng = np.random.default_rng(1000 + seed)
    letters = np.array(list("ACGT"))
    return ["".join(letters[rng.integers(0, 4, 16)]) + end for _ in range(cells)]


def folder(path):
    os.makedirs(path, exist_ok=True)
    return path


def old_mtx(path, counts, genes, names):
    """As Cell Ranger 2 wrote it: three plain files, genes with an identifier and a symbol."""
    folder(path)
    scipy.io.mmwrite(f"{path}/matrix.mtx", sp.coo_matrix(counts.T.astype(int)), field="integer")
    lines = [f"ENSG{i:011d}\t{gene}" for i, gene in enumerate(genes)]
    write(f"{path}/genes.tsv", lines)
    write(f"{path}/barcodes.tsv", names)


def new_mtx(start, counts, genes, names):
    """As Cell Ranger 3 writes it: compressed, with a type of feature."""
    scipy.io.mmwrite("whole.mtx", sp.coo_matrix(counts.T.astype(int)), field="integer")
    with open("whole.mtx", "rb") as plain, gzip.open(f"{start}matrix.mtx.gz", "wb") as packed:
        packed.write(plain.read())
    os.remove("whole.mtx")
    features = [f"ENSG{i:011d}\t{gene}\tGene Expression" for i, gene in enumerate(genes)]
    for end, lines in (("features", features), ("barcodes", names)):
        with gzip.open(f"{start}{end}.tsv.gz", "wt") as packed:
            packed.write("\n".join(lines) + "\n")


def ten_h5(path, counts, genes, names, library=None):
    matrix = sp.csc_matrix(counts.T.astype(np.int32))
    with h5py.File(path, "w") as file:
        if library:
            file.attrs["library_ids"] = np.array([library.encode()])
            file.attrs["chemistry_description"] = "Spatial 3' v1"
            file.attrs["software_version"] = "spaceranger-1.0.0"
        group = file.create_group("matrix")
        group["data"], group["indices"], group["indptr"] = matrix.data, matrix.indices, matrix.indptr
        group["shape"] = np.array(matrix.shape, dtype=np.int32)
        group["barcodes"] = np.array(names, dtype="S")
        features = group.create_group("features")
        features["id"] = np.array([f"ENSG{i:011d}" for i in range(len(genes))], dtype="S")
        features["name"] = np.array(genes, dtype="S")
        features["feature_type"] = np.array(["Gene Expression"] * len(genes), dtype="S")
        features["genome"] = np.array(["GRCh38"] * len(genes), dtype="S")
        features["_all_tag_keys"] = np.array(["genome"], dtype="S")


def visium(path, library):
    genes = human_genes(2300)
    side = 22
    counts, kinds = simulate(genes, side * side, 4, seed=5, depth=2500)
    # Types lie in quarters of the tissue.
    row, col = np.divmod(np.arange(side * side), side)
    order = np.lexsort((col, 2 * (row >= side // 2) + (col >= side // 2)))
    placed = np.empty_like(order)
    placed[order] = np.argsort(kinds, kind="stable")
    counts = counts[placed]
    names = barcodes(side * side, 5)
    folder(f"{path}/spatial")
    ten_h5(f"{path}/filtered_feature_bc_matrix.h5", counts, genes, names, library)
    x, y = 100 + col * 40 + (row % 2) * 20, 100 + row * 40
    lines = [f"{n},1,{r},{c},{b},{a}" for n, r, c, a, b in zip(names, row, col, x, y)]
    write(f"{path}/spatial/tissue_positions_list.csv", lines)
    scales = {"spot_diameter_fullres": 30.0, "tissue_hires_scalef": 0.3, "tissue_lowres_scalef": 0.1,
              "fiducial_diameter_fullres": 45.0}
    write(f"{path}/spatial/scalefactors_json.json", [json.dumps(scales)])
    for name, scale in (("hires", 0.3), ("lowres", 0.1)):
        edge = int(1100 * scale)
        fade = np.linspace(0.75, 0.95, edge)
        picture = np.dstack([np.tile(fade, (edge, 1)), np.tile(fade[:, None], (1, edge)), np.full((edge, edge), 0.85)])
        imsave(f"{path}/spatial/tissue_{name}_image.png", picture)


def write(path, lines):
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")


def normalised(counts):
    return np.log1p(counts / counts.sum(1, keepdims=True) * 1e4).astype(np.float32)


def annotated(counts, genes, names, obs=None):
    return ad.AnnData(
        normalised(counts),
        obs=pd.DataFrame(obs or {}, index=names),
        var=pd.DataFrame(index=genes),
        layers={"counts": sp.csr_matrix(counts)},
    )


def categories(adata):
    adata.strings_to_categoricals()
    return adata


def blood():
    genes = human_genes(2300)
    counts, _ = simulate(genes, 520, 8, seed=1)
    old_mtx("data/filtered_gene_bc_matrices/hg19", counts, genes, barcodes(520, 1))
    for i, sample in enumerate(("s1d1", "s1d3")):
        counts, _ = simulate(genes, 300, 6, seed=20 + i, batch=i)
        ten_h5(f"data/{sample}_filtered_feature_bc_matrix.h5", counts, genes, barcodes(300, 20 + i))
    for i, sample in enumerate(("lung1", "lung2")):
        counts, _ = simulate(genes, 320, 5, seed=30 + i)
        ten_h5(f"data/{sample}.h5", counts, genes, barcodes(320, 30 + i))


def reference(known):
    """Cells with clusters by name, of the genes of another file, and others."""
    genes = list(known) + [f"GENE{i}" for i in range(300)]
    counts, kinds = simulate(genes, 400, 6, seed=40)
    names = np.array(["CD4 T cells", "B cells", "CD14+ Monocytes", "NK cells", "CD8 T cells", "Dendritic cells"])
    adata = categories(annotated(counts, genes, barcodes(400, 40), {"louvain": names[kinds]}))
    adata.uns["louvain_colors"] = ["#1f77b4", "#ff7f0e", "#279e68", "#d62728", "#aa40fc", "#8c564b"]
    adata.write("data/pbmc3k_processed.h5ad")


def pancreas():
    genes = human_genes(900)
    parts = []
    names = np.array(["alpha", "beta", "ductal", "acinar", "delta", "gamma"] + ["mast", "T cell", "epsilon", "MHC", "co-exp"])
    for batch in range(4):
        counts, kinds = simulate(genes, 160, 6, seed=50 + batch, batch=batch)
        labels = names[kinds]
        # A few cells of rare types.
        labels[:5] = names[6:]
        part = annotated(counts, genes, barcodes(160, 50 + batch, f"-{batch}"), {"celltype": labels, "batch": str(batch)})
        parts.append(part)
    whole = categories(ad.concat(parts))
    del whole.layers["counts"]
    whole.write("data/pancreas.h5ad")


def progenitors():
    genes = mouse_genes(900)
    counts, kinds = simulate(genes, 400, 6, seed=60, depth=1200)
    names = np.array(["1Ery", "7MEP", "8Mk", "14Mo", "16Neu", "12Baso"])
    adata = ad.AnnData(counts, obs=pd.DataFrame({"paul15_clusters": names[kinds]}, index=barcodes(400, 60)),
                       var=pd.DataFrame(index=genes))
    adata.uns["iroot"] = 40
    categories(adata).write("data/paul15.h5ad")


def stem_cells():
    genes = human_genes(1000)
    counts, _ = simulate(genes, 300, 3, seed=70, depth=4000)
    # A wave of the cycle: half of the cells express the genes of one of its phases.
    rng = np.random.default_rng(71)
    phase = rng.choice(3, 300, p=[0.5, 0.25, 0.25])
    for k, own in ((1, S_GENES), (2, G2M_GENES)):
        at = [genes.index(gene) for gene in own]
        counts[np.ix_(phase == k, at)] += rng.poisson(4, (int((phase == k).sum()), len(at)))
    table = pd.DataFrame(counts.T.astype(int), index=genes, columns=barcodes(300, 70, ""))
    table.to_csv("data/nestorawa_forcellcycle_expressionMatrix.txt", sep="\t")
    write("data/regev_lab_cell_cycle_genes.txt", S_GENES + G2M_GENES)


def brain():
    genes = mouse_genes(1000)
    counts, kinds = simulate(genes, 360, 6, seed=80, depth=60000)
    names = [f"{b}.{i}" for i, b in enumerate(barcodes(360, 80, ""))]
    kind = np.array(["astrocyte", "neuron", "oligodendrocyte", "endothelial cell", "brain pericyte", "Bergmann glial cell"])
    rng = np.random.default_rng(81)
    obs = pd.DataFrame(
        {"mouse.id": rng.choice(["3_8_M", "3_9_M", "3_10_M"], 360), "plate.barcode": rng.choice(["MAA1", "MAA2"], 360),
         "cell_ontology_class": kind[kinds], "louvain": kinds.astype(str)}, index=names)
    pd.DataFrame(counts.astype(int), index=names, columns=genes).to_csv("data/brain_counts.csv")
    obs.drop(columns="louvain").to_csv("data/brain_metadata.csv")
    raw = ad.AnnData(counts, obs=obs.drop(columns="louvain"), var=pd.DataFrame({"ERCC": [g.startswith("ERCC") for g in genes]}, index=genes))
    categories(raw.copy()).write("data/brain_raw.h5ad")
    categories(raw.copy()).write("data/brain_qc.h5ad")
    clusters = ad.AnnData(normalised(counts), obs=obs, var=pd.DataFrame(index=genes))
    clusters.raw = clusters
    categories(clusters).write("data/brain_clusters.h5ad")


def substantia_nigra():
    genes = human_genes(900)
    counts, kinds = simulate(genes, 500, 4, seed=90, depth=3000)
    kind = np.array(["Astrocyte", "Dopaminergic neuron", "Microglia", "Oligodendrocyte"])
    rng = np.random.default_rng(91)
    place = rng.choice(["SN", "MB"], 500)
    shifted = rng.choice(len(genes), 60, replace=False)
    counts[np.ix_(place == "SN", shifted)] += rng.poisson(3, (int((place == "SN").sum()), 60))
    adata = annotated(counts, genes, barcodes(500, 90), {
        "annotated": kind[kinds], "location": place, "donor": rng.choice(["1", "2", "3", "4", "5"], 500),
        "size_factors": counts.sum(1) / counts.sum(1).mean()})
    adata.obsm["X_umap"] = rng.normal(0, 0.7, (500, 2)) + 4 * np.eye(4)[kinds][:, :2] - 4 * np.eye(4)[kinds][:, 2:]
    categories(adata).write("data/data_processed.h5ad")
    p = rng.uniform(0, 1, len(genes)) ** 3
    pd.DataFrame({"gene": genes, "pval": p, "qval": np.minimum(1, p * 3), "log2fc": rng.normal(0, 1, len(genes)),
                  "mean": rng.gamma(1, 1, len(genes))}).to_csv("tables/test_MB_astrocytes.csv")


def lungs():
    genes = human_genes(2300)
    write("data/KEGG_RIBOSOME.txt", ["KEGG_RIBOSOME", "> Ribosome"] + RIBOSOMAL)
    write("data/datp_sig.txt", ["EPCAM", "MUC1", "CST3", "LYZ", "S100A2", "GENE3"])
    for i, sample in enumerate(("GSM5226574_C51ctr", "GSM5226581_L01cov")):
        counts, _ = simulate(genes, 260, 5, seed=110 + i, batch=i)
        table = pd.DataFrame(counts.T.astype(int), index=genes, columns=barcodes(260, 110 + i, f"-1_{i + 1}"))
        table.to_csv(f"raw_counts/{sample}_raw_counts.csv")
    samples = ["C51ctr", "C52ctr", "C53ctr", "L01cov", "L03cov", "L04cov"]
    parts = []
    kind = np.array(["Macrophage", "Fibroblast", "AT1", "AT2"])
    for i, sample in enumerate(samples):
        counts, kinds = simulate(genes[:900], 100, 4, seed=120 + i, batch=i)
        counts[:, 300:340] += np.random.default_rng(i).poisson(2 if "cov" in sample else 0, (100, 40))
        part = annotated(counts, genes[:900], barcodes(100, 120 + i, f"-{i}"), {"Sample": sample, "cell type": kind[kinds]})
        part.obsm["X_umap"] = np.random.default_rng(i).normal(0, 0.7, (100, 2)) + 4 * np.eye(4)[kinds][:, :2]
        parts.append(part)
    categories(ad.concat(parts)).write("data/integrated.h5ad")


def leukaemia():
    genes = human_genes(1200)
    for i, sample in enumerate(("GSM7494269_AML3_DX", "GSM7494258_AML10_REM", "GSM7494270_AML3_REL")):
        counts, _ = simulate(genes, 250, 5, seed=130 + i, batch=i)
        names = barcodes(250, 130 + i)
        if i < 2:
            new_mtx(f"data/aml/{sample}_raw_", counts, genes, names)
        ten_h5(f"clean_adata/{sample}_denoised_filtered.h5", counts, genes, names)
        write(f"clean_adata/{sample}_denoised_metrics.csv",
              ["total_raw_counts,500000", "total_output_counts,450000", f"fraction_counts_removed,0.{i + 1}"])


def gut():
    genes = mouse_genes(800)
    lines = [f"mm10_{gene.replace('_', '')}\tsym_{gene}" for gene in genes]
    samples = ["Duo_M1", "Duo_M2", "Jej_M1", "Jej_M2", "Il_M1", "Il_M2"]
    for i, sample in enumerate(samples):
        counts, _ = simulate(genes, 110, 5, seed=140 + i, depth=3000)
        start = f"data/gut/GSM283657{i + 3}_Regional_{sample}"
        scipy.io.mmwrite(f"{start}_matrix.mtx", sp.coo_matrix(counts.T.astype(int)), field="integer")
        write(f"{start}_barcodes.tsv", barcodes(110, 140 + i))
        write(f"{start}_genes.tsv", lines)


def page():
    """What the lines of docs/coming-from-scanpy.md find."""
    genes = human_genes(300)
    counts, kinds = simulate(genes, 200, 3, seed=150, depth=2000)
    rng = np.random.default_rng(151)
    adata = annotated(counts, genes, barcodes(200, 150), {"leiden": kinds.astype(str), "n_counts": counts.sum(1)})
    adata.X = sp.csr_matrix(adata.X)
    adata.obs["batch"] = rng.choice(["ctrl", "stim"], 200)
    adata.obsm["X_umap"] = (rng.normal(0, 0.7, (200, 2)) + 4 * np.eye(3)[kinds][:, :2]).astype(np.float32)
    adata.obsm["X_pca"] = (np.eye(3)[kinds] * 5 + rng.normal(0, 1, (200, 3))).astype(np.float32)
    adata.uns["rank_genes_groups"] = {"params": {"method": "wilcoxon"}}
    categories(adata).write("page/x.h5ad")
    n = np.arange(50)
    pd.DataFrame(
        {"group": np.where(n % 2 == 0, "x", "y"), "batch": np.where(n % 3 == 0, "one", "two"), "score": n / 10,
         "other": (n * 7 % 11) / 10}, index=[f"r{i}" for i in n]).to_csv("page/t.csv")


def main():
    for path in ("page", "data/aml", "data/gut", "write", "figures", "tables", "raw_counts", "clean_adata", "raw_adata", "temp"):
        folder(path)
    blood()
    import scanpy.datasets

    # scanpy's package brings this one.
    reduced = scanpy.datasets.pbmc68k_reduced()
    reduced.write("data/pbmc68k_reduced.h5ad")
    reference(reduced.var_names)
    for make in (pancreas, progenitors, stem_cells, brain, substantia_nigra, lungs, leukaemia, gut, page):
        make()
    visium("DD073R_A1_processed", "DD73RA1_rep2")


if __name__ == "__main__":
    main()
