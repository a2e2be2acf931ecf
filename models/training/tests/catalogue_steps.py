"""The steps of the catalogue, each before a logistic regression."""

import numpy as np
from sklearn.cluster import KMeans
from sklearn.compose import make_column_transformer
from sklearn.decomposition import (
    PCA,
    FactorAnalysis,
    FastICA,
    IncrementalPCA,
    KernelPCA,
    TruncatedSVD,
)
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import RandomTreesEmbedding
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.feature_selection import (
    RFE,
    SelectFromModel,
    SelectKBest,
    SequentialFeatureSelector,
    VarianceThreshold,
)
from sklearn.impute import IterativeImputer, KNNImputer, MissingIndicator, SimpleImputer
from sklearn.kernel_approximation import Nystroem, RBFSampler
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import (
    Binarizer,
    FunctionTransformer,
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OrdinalEncoder,
    PolynomialFeatures,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    SplineTransformer,
    StandardScaler,
    TargetEncoder,
)
from sklearn.random_projection import GaussianRandomProjection

from catalogue import Kind, before_logistic, logistic, one_hot, scaled
from mixed_data import TEXTS


def doubled(values: np.ndarray) -> np.ndarray:
    return values * 2


def function(func: object) -> FunctionTransformer:
    return FunctionTransformer(func)


UFUNCS = [
    *(np.log1p, np.sqrt, np.square, np.abs, np.sign, np.negative, np.floor, np.ceil),
]
# These want values above 0, or small ones.
OTHER_UFUNCS = [np.log, np.log2, np.log10, np.reciprocal, np.exp, np.expm1]

STEPS = [
    Kind("`StandardScaler`", lambda: scaled(logistic())),
    Kind("`MinMaxScaler`", lambda: before_logistic(MinMaxScaler())),
    Kind("`RobustScaler`", lambda: before_logistic(RobustScaler())),
    Kind("`MaxAbsScaler`", lambda: before_logistic(MaxAbsScaler())),
    Kind("`Normalizer`", lambda: before_logistic(Normalizer())),
    Kind("`Binarizer`", lambda: scaled(Binarizer(), logistic())),
    Kind("`PowerTransformer`", lambda: before_logistic(PowerTransformer())),
    Kind("`QuantileTransformer`", lambda: before_logistic(QuantileTransformer(n_quantiles=200))),
    Kind(
        "`QuantileTransformer(output_distribution='normal')`",
        lambda: before_logistic(QuantileTransformer(n_quantiles=200, output_distribution="normal")),
    ),
    Kind("`PolynomialFeatures`", lambda: scaled(PolynomialFeatures(2), logistic())),
    Kind("`SplineTransformer`", lambda: scaled(SplineTransformer(), logistic())),
    Kind(
        "`KBinsDiscretizer`, also with its sparse output",
        lambda: before_logistic(KBinsDiscretizer(5, quantile_method="averaged_inverted_cdf")),
    ),
    Kind(
        "`KBinsDiscretizer(encode='ordinal')`",
        lambda: before_logistic(KBinsDiscretizer(5, encode="ordinal")),
    ),
    *(
        Kind(
            f"`FunctionTransformer(np.{func.__name__})`",
            lambda func=func: make_pipeline(function(func), StandardScaler(), logistic()),
        )
        for func in UFUNCS
    ),
    *(
        Kind(
            f"`FunctionTransformer(np.{func.__name__})`",
            lambda func=func: before_logistic(MinMaxScaler((1, 2)), function(func)),
        )
        for func in OTHER_UFUNCS
    ),
    Kind(
        "`FunctionTransformer` of a function of your own",
        lambda: before_logistic(function(doubled)),
    ),
    Kind("`PCA`", lambda: scaled(PCA(3), logistic())),
    Kind("`IncrementalPCA`", lambda: scaled(IncrementalPCA(3), logistic())),
    Kind("`TruncatedSVD`", lambda: scaled(TruncatedSVD(3), logistic())),
    Kind("`KernelPCA`", lambda: scaled(KernelPCA(3, kernel="rbf"), logistic())),
    Kind("`FactorAnalysis`", lambda: scaled(FactorAnalysis(2), logistic())),
    Kind("`FastICA`", lambda: scaled(FastICA(3, random_state=0), logistic())),
    Kind(
        "`LinearDiscriminantAnalysis` before another model",
        lambda: scaled(LinearDiscriminantAnalysis(), logistic()),
    ),
    Kind(
        "`GaussianRandomProjection`",
        lambda: scaled(GaussianRandomProjection(3, random_state=0), logistic()),
    ),
    Kind("`Nystroem`", lambda: scaled(Nystroem(n_components=10), logistic())),
    Kind("`RBFSampler`", lambda: scaled(RBFSampler(n_components=10), logistic())),
    Kind("`KMeans` before a model", lambda: scaled(KMeans(4, n_init=1), logistic())),
    Kind("`RandomTreesEmbedding`", lambda: before_logistic(RandomTreesEmbedding(5))),
    Kind("`SelectKBest`", lambda: scaled(SelectKBest(k=3), logistic())),
    Kind("`VarianceThreshold`", lambda: scaled(VarianceThreshold(), logistic())),
    Kind("`SelectFromModel`", lambda: scaled(SelectFromModel(logistic()), logistic())),
    Kind("`RFE`", lambda: scaled(RFE(logistic(), n_features_to_select=3), logistic())),
    Kind(
        "`SequentialFeatureSelector`",
        lambda: scaled(
            SequentialFeatureSelector(logistic(), n_features_to_select=2, cv=2), logistic()
        ),
    ),
    Kind(
        "`SimpleImputer(add_indicator=True)`",
        lambda: before_logistic(SimpleImputer(add_indicator=True), StandardScaler()),
        "gaps",
    ),
    Kind("`KNNImputer`", lambda: before_logistic(StandardScaler(), KNNImputer()), "gaps"),
    Kind(
        "`IterativeImputer`",
        lambda: before_logistic(StandardScaler(), IterativeImputer(max_iter=2)),
        "gaps",
    ),
    Kind(
        "`MissingIndicator`",
        lambda: before_logistic(make_union(SimpleImputer(), MissingIndicator(features="all"))),
        "gaps",
    ),
    Kind("`OneHotEncoder` of texts", lambda: before_logistic(one_hot()), "mixed"),
    Kind(
        "`OrdinalEncoder` of texts",
        lambda: before_logistic(
            make_column_transformer(
                (
                    OrdinalEncoder(
                        handle_unknown="use_encoded_value",
                        unknown_value=-1,
                        encoded_missing_value=-2,
                    ),
                    list(TEXTS),
                )
            )
        ),
        "mixed",
    ),
    Kind(
        "`TargetEncoder` of texts",
        lambda: before_logistic(make_column_transformer((TargetEncoder(), list(TEXTS)))),
        "mixed",
    ),
    Kind(
        "`TfidfVectorizer` and other words of texts",
        lambda: before_logistic(make_column_transformer((TfidfVectorizer(), "gender"))),
        "mixed",
    ),
]
