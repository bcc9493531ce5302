// data: counts
sc.pp.filterCells(adata, minGenes = 300)
adata
