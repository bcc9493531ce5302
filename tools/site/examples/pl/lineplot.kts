// data: course
sc.pl.lineplot(sc.get.obsDf(adata, listOf("Gata1", "Gata2")), x = "Gata1", y = "Gata2")
