// data: course
sc.tl.diffmap(adata, nComps = 5)
sc.pl.diffmap(adata, color = "cell_type")
