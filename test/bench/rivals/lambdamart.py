"""LightGBM on the set that ranker.bench.ts writes: prints the milliseconds of each tree and the scores' NDCG@10 as JSON.

python3 lambdamart.py FOLDER THREADS TREES [NAME=VALUE...]    (pip install lightgbm==4.7.0 numpy)
FOLDER has shape.json and, for train and test, values (column by column, float32) and labels (uint8).
"""
import json, sys, time
import numpy, lightgbm

folder, threads, trees = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
shape = json.load(open(f"{folder}/shape.json"))
parameters = {
    "objective": "lambdarank", "num_leaves": 31, "learning_rate": 0.1, "min_data_in_leaf": 20, "max_bin": 255,
    "lambdarank_truncation_level": 30, "num_threads": threads, "verbose": -1, "seed": 1,
}
for override in sys.argv[4:]:
    name, value = override.split("=")
    parameters[name] = value


def read(name, queries):
    rows = queries * shape["rows"]
    values = numpy.fromfile(f"{folder}/{name}.values", dtype=numpy.float32).reshape(-1, rows).T
    return values, numpy.fromfile(f"{folder}/{name}.labels", dtype=numpy.uint8)


def ndcg(labels, scores, k=10):
    """Queries by their rows' scores, rows in a random order first: equal scores shall favour nobody."""
    labels, scores = labels.reshape(-1, shape["rows"]), scores.reshape(-1, shape["rows"])
    mixed = numpy.random.default_rng(1).permuted(numpy.tile(numpy.arange(shape["rows"]), (len(labels), 1)), axis=1)
    labels, scores = numpy.take_along_axis(labels, mixed, 1), numpy.take_along_axis(scores, mixed, 1)
    ranked = numpy.take_along_axis(labels, numpy.argsort(-scores, axis=1, kind="stable"), 1)
    discounts = 1 / numpy.log2(numpy.arange(k) + 2)
    gain = lambda rows: ((2.0 ** rows[:, :k] - 1) * discounts).sum(1)
    return float((gain(ranked) / gain(-numpy.sort(-labels.astype(int), axis=1))).mean())


values, labels = read("train", shape["train"])
started = time.perf_counter()
train = lightgbm.Dataset(values, labels, group=[shape["rows"]] * shape["train"], params=parameters).construct()
binned = time.perf_counter()
times = []
model = lightgbm.train(parameters, train, trees, callbacks=[lambda environment: times.append(time.perf_counter())])
test_values, test_labels = read("test", shape["test"])
print(json.dumps({
    "bin": (binned - started) * 1000,
    "trees": (numpy.diff(times) * 1000).tolist(),
    "ndcg": ndcg(test_labels, model.predict(test_values)),
}))
