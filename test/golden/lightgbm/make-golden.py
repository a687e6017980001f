"""Models of every shape that LightGBM writes, with rows, raw predictions and contributions (pred_contrib) by LightGBM itself.

Writes NAME.txt (the model) and NAME.json beside this file; seeded, one thread. Needs lightgbm and numpy:
    python3 make-golden.py
In the JSON null is NaN, and a number beyond float32 is infinite. Predictions are made from the text, as any reader has it.
"""

import json
import math
import os
import warnings

import lightgbm as lgb
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
COMMON = dict(verbose=-1, num_threads=1, deterministic=True, seed=7, min_data_in_leaf=5, learning_rate=0.2)
ROWS = 600
ASKED = 12


def columns(random, width=6):
    return random.normal(size=(ROWS, width)).astype(np.float32)


def with_holes(values, random, hole, share=0.2):
    values = values.copy()
    values[random.random(values.shape) < share] = hole
    return values


def response(values):
    known = np.nan_to_num(values)
    return known[:, 0] * 2 + np.sin(3 * known[:, 1]) + (known[:, 2] > 0.3) * known[:, 3] + np.abs(known[:, 4])


def save(name, values, label, rounds, data=None, asked=None, **parameters):
    train = lgb.Dataset(values.astype(np.float64), label, free_raw_data=False, **(data or {}))
    text = lgb.train({**COMMON, **parameters}, train, rounds).model_to_string()
    booster = lgb.Booster(model_str=text)
    rows = np.concatenate([np.asarray(asked if asked is not None else np.zeros((0, values.shape[1]))), values[:ASKED]])
    with np.errstate(over="ignore"):
        rows = rows.astype(np.float32).astype(np.float64)
    golden = {"lightgbm": lgb.__version__, "rows": rows.tolist(), "raw": booster.predict(rows, raw_score=True).tolist()}
    try:
        golden["contributions"] = booster.predict(rows, pred_contrib=True).tolist()
    except lgb.basic.LightGBMError as error:
        golden["refusal"] = str(error)
    with open(os.path.join(HERE, f"{name}.txt"), "w", newline="\n") as file:
        file.write(text)
    with open(os.path.join(HERE, f"{name}.json"), "w", newline="\n") as file:
        file.write("{\n" + ",\n".join(f"{json.dumps(key)}: {line(value)}" for key, value in golden.items()) + "\n}\n")
    print(name, booster.num_trees(), "trees")


def line(value):
    def plain(part):
        if isinstance(part, list):
            return [plain(each) for each in part]
        if isinstance(part, float) and math.isnan(part):
            return None
        if isinstance(part, float) and math.isinf(part):
            return math.copysign(1e39, part)
        return part

    return json.dumps(plain(value))


def special(width):
    """Rows of NaN, of zeros of several sizes and signs, and of the infinite."""
    kinds = [math.nan, 0.0, -0.0, 1e-36, -1e-36, 2e-35, -2e-35, math.inf, -math.inf, 3e38, -3e38]
    rows = [[kind] * width for kind in kinds]
    rows += [[kinds[(at + step) % len(kinds)] for at in range(width)] for step in range(len(kinds))]
    return rows


def main():
    warnings.simplefilter("ignore")
    random = np.random.default_rng(20240607)
    plain = columns(random)
    save("numerical", plain, response(plain), 20, asked=special(6), objective="regression", num_leaves=15)

    holes = with_holes(plain, random, np.nan)
    save("missing-nan", holes, response(holes), 20, asked=special(6), objective="regression", num_leaves=15)
    zeros = with_holes(plain, random, 0)
    save("missing-zero", zeros, response(zeros), 20, asked=special(6), objective="regression", num_leaves=15,
         zero_as_missing=True)
    both = with_holes(zeros, random, np.nan)
    save("missing-none", both, response(both), 20, asked=special(6), objective="regression", num_leaves=15,
         use_missing=False)

    categories = plain.copy()
    categories[:, 0] = random.integers(0, 70, ROWS)
    categories[:, 1] = random.integers(0, 3, ROWS)
    categories = with_holes(categories, random, np.nan, 0.05)
    label = response(plain) + np.sin(np.nan_to_num(categories[:, 0]) * 7) * 3 + np.nan_to_num(categories[:, 1])
    odd = [math.nan, -1, -0.5, 0.5, 0, 1, 2, 31, 31.9, 32, 63, 64, 69, 70, 95, 96, 127, 128, 1e6, 3e9, -3e9, 1e20, math.inf,
           -math.inf]
    save("categorical", categories, label, 12, data=dict(categorical_feature=[0, 1]),
         asked=[[value, odd[-at - 1], *plain[at, 2:]] for at, value in enumerate(odd)],
         objective="regression", num_leaves=15, min_data_per_group=5, cat_smooth=1, max_cat_to_onehot=4)

    save("binary", plain, (response(plain) + random.normal(size=ROWS) > 1).astype(int), 20, objective="binary",
         num_leaves=15)
    save("lambdarank", holes, np.clip(response(plain) + 2, 0, 4).astype(int), 20, data=dict(group=[20] * (ROWS // 20)),
         objective="lambdarank", num_leaves=15)
    save("stumps", plain, response(plain), 30, objective="regression", num_leaves=2)
    save("single-leaf", plain, response(plain), 3, objective="regression", min_data_in_leaf=ROWS)
    save("linear", holes, response(plain), 8, asked=special(6), objective="regression", num_leaves=7, linear_tree=True,
         linear_lambda=0.01)

    scales = np.array([1e30, 1e-30, 1e-37, 1e37, 1e15, 1e-10], dtype=np.float32)
    scaled = (plain * scales).astype(np.float32)
    save("scales", scaled, response(plain), 15, asked=special(6), objective="regression", num_leaves=15)

    # Each split cuts off the outermost rows: a chain, deeper than it has features.
    chain = np.exp(random.normal(size=(ROWS, 6)) * 3).astype(np.float32)
    save("deep", chain, chain.sum(axis=1).astype(np.float64) ** 1.5, 6, objective="regression", num_leaves=60,
         min_data_in_leaf=1, min_sum_hessian_in_leaf=0, max_bin=1000)
    wide = columns(random, 40)
    many = wide.copy()
    many[:, ::2] = with_holes(many[:, ::2], random, np.nan)
    save("many-leaves", many, response(wide) + wide.sum(axis=1), 3, objective="regression", num_leaves=180,
         min_data_in_leaf=1)
    save("most-leaves", plain, response(plain) + random.normal(size=ROWS), 1, objective="regression", num_leaves=400,
         min_data_in_leaf=1, min_sum_hessian_in_leaf=0, max_bin=1000)


main()
