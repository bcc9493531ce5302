// data: joint
model.posteriorPredictiveSample(nSamples = 2).map { it.shape }
