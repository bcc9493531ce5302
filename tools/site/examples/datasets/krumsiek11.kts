sc.datasets.krumsiek11()
