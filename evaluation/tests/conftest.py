"""The product's models, loaded once."""

import pytest
from evaluation.study.models import Models


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    return Models.load(tmp_path_factory.mktemp("encodings"), threads=1)
