// data: course
sc.pl.diffmap(adata, color = "cell_type")
