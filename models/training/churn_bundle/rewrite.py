"""Makes a copy of a model that takes one matrix of numbers, which skl2onnx can convert.

In the copy, ColumnTransformers pick their columns by position, and Lookups take the place of all
transformers of texts and of encoders.
"""

import copy
from typing import Any

from sklearn.base import BaseEstimator
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import FeatureUnion, Pipeline

from churn_bundle.boosters import use_plain_trees
from churn_bundle.calibrated import calibrate_inside
from churn_bundle.encoders import find_encoder
from churn_bundle.ensembles import ONLY_WRAPPERS, mend_ensembles
from churn_bundle.errors import ExportError
from churn_bundle.estimators import estimators_in
from churn_bundle.imputer_converter import use_number_imputers
from churn_bundle.matrix import matrix_order, number_classes, picking
from churn_bundle.missing_in_trees import tame_thresholds
from churn_bundle.natives import lightgbm_lookups
from churn_bundle.own_forms import use_own_forms
from churn_bundle.probe import Prober
from churn_bundle.raw_steps import column_entries, inner_models, join


class Rewriter:
    """Rewrites one model."""

    def __init__(self, prober: Prober) -> None:
        """Takes the prober of the same model."""
        self.prober = prober
        self.features = prober.features

    def rewrite(self) -> BaseEstimator:
        """Gives the rewritten copy; the model stays as it was.

        Raises:
            ExportError: if texts reach a step that has no form for them.
        """
        order = matrix_order(self.features)
        columns = self.prober.source.indices
        places = [order.index(index) if index >= 0 else -1 for index in columns]
        model = copy.deepcopy(self.prober.source.model)
        model = self.part(model, columns, places, "")
        number_classes(model)
        tame_thresholds(model)
        use_number_imputers(estimators_in(model))
        mend_ensembles(list(estimators_in(model)))
        use_own_forms(list(estimators_in(model)))
        use_plain_trees(estimators_in(model))
        return model

    def part(self, estimator: object, columns: list[int], places: list[int], path: str) -> object:
        """Rewrites a part of the model.

        Args:
            estimator: part of the copy; it may be changed.
            columns: indices of the features that it takes.
            places: positions of these columns in the matrix that the rewritten part takes.
            path: names of the steps that lead to it, for messages.
        """
        if isinstance(estimator, Pipeline):
            return self.pipeline(estimator, columns, places, path)
        if isinstance(estimator, ColumnTransformer):
            return self.column_transformer(estimator, columns, places, path)
        if isinstance(estimator, FeatureUnion):
            estimator.transformer_list = [
                (name, self.chain([(name, inner)], columns, places, join(path, name)))
                for name, inner in estimator.transformer_list
            ]
            return estimator
        if hasattr(estimator, "transform") and not hasattr(estimator, "predict"):
            return self.chain([("step", estimator)], columns, places, path)
        return self.classifier(estimator, columns, places, path)

    def pipeline(
        self, pipeline: Pipeline, columns: list[int], places: list[int], path: str
    ) -> Pipeline:
        """Rewrites the steps that take columns as they are."""
        steps = [(name, step) for name, step in pipeline.steps if step not in (None, "passthrough")]
        first_path = join(path, steps[0][0])
        if isinstance(steps[0][1], ColumnTransformer | FeatureUnion | Pipeline) or len(steps) == 1:
            first = self.part(steps[0][1], columns, places, first_path)
            pipeline.steps = [(steps[0][0], first), *steps[1:]]
            return pipeline
        split = len(steps) - (1 if hasattr(steps[-1][1], "predict") else 0)
        chain = self.chain(steps[:split], columns, places, first_path)
        pipeline.steps = [("preprocessing", chain), *steps[split:]]
        if isinstance(chain, Pipeline):
            pipeline.steps = [*chain.steps, *steps[split:]]
        return pipeline

    def chain(
        self, steps: list[tuple[str, Any]], columns: list[int], places: list[int], path: str
    ) -> object:
        """Rewrites transformers, of which the first takes columns as they are."""
        replaced = None
        if self.needs_lookup([step for _, step in steps], columns):
            replaced = self.prober.replace([step for _, step in steps], columns)
        if replaced is None:
            self.refuse_texts(steps[0][1], columns, path)
            return steps[0][1] if len(steps) == 1 else Pipeline(steps)
        lookups, count = replaced
        first = picking(
            [
                (f"lookup_{number}", lookup, [places[index] for index in chosen])
                for number, (lookup, chosen) in enumerate(lookups)
            ]
        )
        rest = steps[count:]
        return Pipeline([("lookups", first), *rest]) if rest else first

    def needs_lookup(self, steps: list[Any], columns: list[int]) -> bool:
        """Whether a chain takes texts, or values that an encoder tells apart."""
        types = {self.features[column].type for column in columns}
        return "category" in types or types == {"boolean"} or find_encoder(steps) is not None

    def column_transformer(
        self, transformer: ColumnTransformer, columns: list[int], places: list[int], path: str
    ) -> ColumnTransformer:
        """Rewrites each entry, with its columns as positions."""
        weights = transformer.transformer_weights or {}
        entries = []
        for name, inner, local in column_entries(transformer):
            chosen = [columns[index] for index in local]
            chosen_places = [places[index] for index in local]
            where = join(path, name)
            steps = [inner] if not isinstance(inner, Pipeline) else [s for _, s in inner.steps]
            replaced = None
            if self.needs_lookup(steps, chosen) and name not in weights:
                replaced = self.prober.replace(steps, chosen)
            if replaced is not None and replaced[1] == len(steps):
                for number, (lookup, parts) in enumerate(replaced[0]):
                    spots = [chosen_places[index] for index in parts]
                    entries.append((f"{name}_{number}", lookup, spots))
            else:
                self_places = list(range(len(chosen)))
                if not isinstance(inner, str):
                    inner = self.part(inner, chosen, self_places, where)
                else:
                    self.refuse_texts(inner, chosen, where)
                entries.append((name, inner, chosen_places))
        transformer.transformers_ = entries
        return transformer

    def classifier(self, model: object, columns: list[int], places: list[int], path: str) -> object:
        """Rewrites what is inside of a classifier, or gives it the codes of its own categories."""
        if isinstance(model, CalibratedClassifierCV):
            moved = calibrate_inside(model)
            if moved is not model:
                return self.part(moved, columns, places, path)
        if inner_models(model):
            return self.inside(model, columns, places, path)
        texts = [column for column in columns if self.features[column].is_text]
        if not texts:
            return model
        runs = lightgbm_lookups(model, [self.features[c] for c in columns], self.prober.codes)
        if runs is None:
            self.refuse_texts(model, columns, path or type(model).__name__)
        entries = [
            (f"run_{number}", inner, [places[index] for index in run])
            for number, (inner, run) in enumerate(runs)
        ]
        return Pipeline([("codes", picking(entries)), ("model", model)])

    def inside(self, model: object, columns: list[int], places: list[int], path: str) -> object:
        """Rewrites the models inside of a classifier."""
        if isinstance(model, ONLY_WRAPPERS):
            return self.part(model.estimator_, columns, places, path)
        for attribute in ("estimator_", "best_estimator_"):
            if hasattr(model, attribute):
                setattr(
                    model, attribute, self.part(getattr(model, attribute), columns, places, path)
                )
                return model
        for calibrated in getattr(model, "calibrated_classifiers_", []):
            calibrated.estimator = self.part(calibrated.estimator, columns, places, path)
        if hasattr(model, "estimators_"):
            model.estimators_ = [
                self.part(each, columns, places, path) if not isinstance(each, str) else each
                for each in model.estimators_
            ]
        return model

    def refuse_texts(self, step: object, columns: list[int], path: str) -> None:
        """Refuses a step that takes texts and was not replaced."""
        texts = [self.features[c].name for c in columns if self.features[c].is_text]
        if texts:
            kind = step if isinstance(step, str) else type(step).__name__
            where = kind if path in ("", kind) else f"the step {path} ({kind})"
            raise ExportError(
                f"{where} takes the texts of {', '.join(texts[:5])}, for which it "
                "has no exact form in ONNX: encode them in the Pipeline, best by a "
                "OneHotEncoder(handle_unknown='ignore') in a ColumnTransformer"
            )
