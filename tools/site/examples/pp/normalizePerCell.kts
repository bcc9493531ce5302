// data: counts
sc.pp.normalizePerCell(adata, countsPerCellAfter = 1e4)
adata
