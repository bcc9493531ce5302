// data: trained
model.posteriorPredictiveSample(nSamples = 1).size
