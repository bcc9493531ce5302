"""Figures of integrated cells, the same for everybody's places: see quality.py, which prints them."""
import warnings

import numpy as np
import scanpy as sc
from scib_metrics import clisi_knn, ilisi_knn, nmi_ari_cluster_labels_kmeans, silhouette_label
from scib_metrics.nearest_neighbors import NeighborsResults
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors

LISI_NEIGHBOURS, TRANSFER_NEIGHBOURS = 90, 15

# Types of blood cells by genes that are long known to mark them.
MARKERS = {
    "T": ["CD3D", "CD3E", "IL7R", "CCR7", "CD8A", "CREM"],
    "NK": ["GNLY", "NKG7", "KLRD1", "PRF1"],
    "B": ["MS4A1", "CD79A", "CD79B"],
    "monocyte": ["CD14", "LYZ", "FCGR3A", "MS4A7", "VMO1"],
    "dendritic": ["FCER1A", "HLA-DQA1", "CST3"],
    "megakaryocyte": ["PPBP", "PF4", "GNG11"],
}


def types_by_markers(a):
    """Within every batch clusters are named by their markers: labels that no integration had a hand in."""
    out = np.empty(a.n_obs, object)
    for batch in a.obs["batch"].cat.categories:
        rows = np.flatnonzero(a.obs["batch"] == batch)
        b = a[rows].copy()
        sc.pp.normalize_total(b, target_sum=1e4)
        sc.pp.log1p(b)
        sc.pp.highly_variable_genes(b, n_top_genes=1500)
        sc.pp.pca(b, n_comps=20)
        sc.pp.neighbors(b)
        sc.tl.leiden(b, resolution=1.5, flavor="igraph", n_iterations=2, directed=False)
        scores = {}
        for kind, genes in MARKERS.items():
            x = b[:, [g for g in genes if g in b.var_names]].X.toarray()
            scores[kind] = ((x - x.mean(0)) / np.maximum(x.std(0), 1e-9)).mean(1)
        for cluster in b.obs["leiden"].cat.categories:
            own = (b.obs["leiden"] == cluster).to_numpy()
            out[rows[own]] = max(MARKERS, key=lambda kind: scores[kind][own].mean())
    return out.astype(str)


def transferred(x, labels, batch):
    """Share of right labels when every batch in turn gives its labels to the nearest cells of the others."""
    shares = []
    for b in np.unique(batch):
        own = batch == b
        guess = KNeighborsClassifier(TRANSFER_NEIGHBOURS).fit(x[own], labels[own]).predict(x[~own])
        shares.append(np.mean(guess == labels[~own]))
    return float(np.mean(shares))


def integration(x, labels, batch):
    """Higher is better for all."""
    codes = np.unique(labels, return_inverse=True)[1]
    x = np.ascontiguousarray(x, np.float32)
    distances, indices = NearestNeighbors(n_neighbors=LISI_NEIGHBOURS).fit(x).kneighbors(x)
    found = NeighborsResults(indices=indices, distances=distances)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            "iLISI": float(ilisi_knn(found, np.unique(batch, return_inverse=True)[1])),
            "cLISI": float(clisi_knn(found, codes)),
            "label ASW": float(silhouette_label(x, codes)),
            "k-means NMI": float(nmi_ari_cluster_labels_kmeans(x, codes)["nmi"]),
            "label transfer": transferred(x, labels, batch),
        }


def foretold(guess, labels, hidden):
    """Of cells whose label was not shown."""
    right = guess == labels
    each = [np.mean(right[hidden & (labels == kind)]) for kind in np.unique(labels[hidden])]
    return {"accuracy": float(np.mean(right[hidden])), "balanced accuracy": float(np.mean(each))}
