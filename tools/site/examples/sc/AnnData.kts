sc.AnnData(np.zeros(3 to 2), obs = pd.DataFrame(mapOf("batch" to listOf("a", "a", "b"))))
