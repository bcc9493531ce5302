// data: course
sc.tl.pagaExpressionEntropies(adata)
