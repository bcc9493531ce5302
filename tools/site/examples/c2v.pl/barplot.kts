c2v.pl.barplot(mapOf("a" to 3, "b" to 5, "c" to 1))
