// data: labelled
val (mean, variance) = model.getLatentDistribution()
mean.shape
