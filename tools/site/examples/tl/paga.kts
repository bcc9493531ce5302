// data: course
sc.tl.paga(adata, groups = "cell_type")
sc.pl.paga(adata, color = "cell_type")
