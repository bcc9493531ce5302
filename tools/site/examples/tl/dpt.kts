// data: course
adata.uns["iroot"] = 0L
sc.tl.dpt(adata)
sc.pl.diffmap(adata, color = "dpt_pseudotime")
