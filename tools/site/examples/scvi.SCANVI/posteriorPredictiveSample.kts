// data: labelled
model.posteriorPredictiveSample(nSamples = 2).map { it.shape }
