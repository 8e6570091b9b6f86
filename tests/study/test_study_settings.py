from __future__ import annotations

import pytest

from rupturecode.errors import InvalidDataError
from rupturecode.study import init_study, open_study, read_settings
from rupturecode.study.settings import FILE


@pytest.fixture
def toml(tmp_path):
    def write(text: str):
        (tmp_path / FILE).write_text(text, encoding="utf-8")
        return read_settings(tmp_path)

    return write


def test_defaults_fill_what_is_not_said(toml):
    found = toml('title = "Pilot"')
    assert (found.title, found.codebook, found.unit, found.coders) == ("Pilot", "ccr", "turn", ())
    assert found.problems == ()


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ('titel = "x"', "unknown key 'titel'. Did you mean 'title'?", 1),
        ('title = "x"\nseed = "one"', "'seed' must be a whole number", 2),
        ("seed = true", "'seed' must be a whole number", 1),
        ('coders = "AK"', "'coders' must be a list of texts", 1),
        ('unit = "trun"', "unit 'trun' is not one of", 1),
        ('\n\n[roles]\n"T" = "terapist"', "Did you mean 'therapist'?", 4),
        ('[codings]\ncoverge = "rows"', "unknown key 'coverge' in [codings]", 2),
        ("[agreement]\nconfidence = true", "'confidence' must be a number", 2),
        ('sessions = "s.csv"', "[sessions] must be a section", 1),
        ("[agrement]\nseed = 1", "unknown key 'agrement'. Did you mean 'agreement'?", 1),
    ],
)
def test_each_mistake_is_named_with_its_line(toml, text, words, line):
    (problem,) = toml(text).problems
    assert words in problem.message
    assert (problem.source, problem.line) == (FILE, line)


def test_a_mistake_keeps_the_default_and_the_rest(toml):
    found = toml('title = 3\nunit = "session"\n[roles]\n"T" = "therapist"\n"X" = "boss"')
    assert (found.title, found.unit) == ("Untitled study", "session")
    assert dict(found.roles) == {"T": "therapist"}
    assert len(found.problems) == 2


def test_what_is_not_toml_is_refused_with_its_line(toml):
    with pytest.raises(InvalidDataError, match=r"study\.toml:2:\d+: not valid TOML"):
        toml('title = "x"\nunit = turn')


def test_a_file_in_another_encoding_is_refused(tmp_path):
    (tmp_path / FILE).write_bytes(b'title = "x"\nunit = "\xe9"')
    with pytest.raises(InvalidDataError, match=r"study\.toml:2: not UTF-8"):
        read_settings(tmp_path)


def test_a_folder_without_settings_says_how_to_make_them(tmp_path):
    with pytest.raises(InvalidDataError, match="rupturecode init"):
        read_settings(tmp_path)


@pytest.mark.parametrize("title", ['Say "hi"', "back\\slash", "Ängste 2026"])
def test_a_new_study_has_sound_settings(tmp_path, title):
    found = read_settings(init_study(tmp_path / "new", title=title))
    assert (found.title, found.problems) == (title, ())


def test_captions_are_kept_apart_when_study_toml_says_none(tmp_path):
    (tmp_path / FILE).write_text(
        '[transcripts]\nmerge = "none"\n[roles]\nT = "therapist"\n', encoding="utf-8"
    )
    (tmp_path / "transcripts").mkdir()
    cues = "".join(f"00:0{i}.000 --> 00:0{i}.900\n<v T>Hm.\n\n" for i in range(3))
    (tmp_path / "transcripts" / "s1.vtt").write_text(f"WEBVTT\n\n{cues}", encoding="utf-8")
    assert len(open_study(tmp_path).corpus.turns) == 3


def test_options_of_a_format_reach_its_reader(tmp_path):
    (tmp_path / "transcripts").mkdir()
    captions = "00:01.000 --> 00:02.000\nAna: So.\n\n00:02.000 --> 00:03.000\nBen: No.\n"
    (tmp_path / "transcripts" / "s1.vtt").write_text(captions)
    settings = tmp_path / "study.toml"
    settings.write_text('title = "x"\n')
    assert "'lenient': True" in str(open_study(tmp_path).check().problems[0])
    roles = '[roles]\nAna = "therapist"\nBen = "client"\n'
    settings.write_text(f'title = "x"\n{roles}[transcripts]\nlenient = true\n')
    assert open_study(tmp_path).corpus["s1"].turns["text"].tolist() == ["So.", "No."]
    settings.write_text('title = "x"\n[transcripts]\nlenient = "yes"\n')
    assert "'lenient' must be true or false" in str(read_settings(tmp_path).problems[0])
