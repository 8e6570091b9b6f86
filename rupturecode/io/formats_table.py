"""All formats that come with rupturecode, one line each."""

from __future__ import annotations

from rupturecode.io._formats import Format, register_format

_T = "rupturecode.io.transcripts"

# transcripts: turns in
register_format(
    Format(
        "text",
        "transcript",
        (".txt", ".text", ".md", ".markdown"),
        f"{_T}.text",
        description="plain text or Markdown with speaker labels; Zoom, Otter, Rev, Trint, Descript",
    )
)
register_format(
    Format(
        "csv",
        "transcript",
        (".csv", ".tsv", ".tab"),
        f"{_T}.csv",
        description="table with a row per turn, separated by comma, semicolon, tab or bar",
    )
)
register_format(
    Format(
        "rtf",
        "transcript",
        (".rtf",),
        f"{_T}.rtf",
        description="Rich Text Format, with tables and comments",
    )
)
register_format(
    Format(
        "odt",
        "transcript",
        (".odt", ".fodt"),
        f"{_T}.odt",
        description="OpenDocument text (LibreOffice)",
    )
)
register_format(
    Format(
        "pdf",
        "transcript",
        (".pdf",),
        f"{_T}.pdf",
        extra="pdf",
        description="PDF with a text layer and speaker labels",
    )
)
register_format(
    Format("chat", "transcript", (".cha",), f"{_T}.chat", description="CHAT of TalkBank and CLAN")
)
register_format(
    Format("eaf", "transcript", (".eaf",), f"{_T}.eaf", description="ELAN, a tier per speaker")
)
register_format(
    Format(
        "textgrid",
        "transcript",
        (".textgrid",),
        f"{_T}.textgrid",
        description="Praat TextGrid, a tier per speaker",
    )
)
register_format(
    Format(
        "convokit",
        "transcript",
        (".jsonl", ".zip"),
        f"{_T}.convokit",
        description="ConvoKit corpus, zipped, or its utterances.jsonl",
    )
)
register_format(Format("otr", "transcript", (".otr",), f"{_T}.otr", description="oTranscribe"))
register_format(
    Format(
        "whisper",
        "transcript",
        (".json",),
        f"{_T}.whisper",
        description="Whisper, WhisperX, faster-whisper, whisper.cpp JSON",
    )
)
register_format(
    Format(
        "aws_transcribe",
        "transcript",
        (".json",),
        f"{_T}.aws_transcribe",
        description="Amazon Transcribe JSON",
    )
)
register_format(
    Format(
        "google_stt",
        "transcript",
        (".json",),
        f"{_T}.google_stt",
        description="Google Speech-to-Text JSON",
    )
)
register_format(
    Format(
        "ibm_watson",
        "transcript",
        (".json",),
        f"{_T}.ibm_watson",
        description="IBM Watson Speech to Text JSON",
    )
)
register_format(
    Format(
        "speechmatics",
        "transcript",
        (".json",),
        f"{_T}.speechmatics",
        description="Speechmatics JSON",
    )
)
register_format(
    Format("assemblyai", "transcript", (".json",), f"{_T}.assemblyai", description="AssemblyAI")
)
register_format(
    Format("deepgram", "transcript", (".json",), f"{_T}.deepgram", description="Deepgram")
)
register_format(Format("revai", "transcript", (".json",), f"{_T}.revai", description="Rev AI"))
register_format(
    Format(
        "azure_speech",
        "transcript",
        (".json",),
        f"{_T}.azure_speech",
        description="Azure Speech",
    )
)
register_format(
    Format(
        "elevenlabs",
        "transcript",
        (".json",),
        f"{_T}.elevenlabs",
        description="ElevenLabs",
    )
)
register_format(
    Format("kaldi", "transcript", (".json",), f"{_T}.kaldi", description="BBC Kaldi JSON")
)
register_format(
    Format("autoedit", "transcript", (".json",), f"{_T}.autoedit", description="autoEdit 2 JSON")
)
register_format(
    Format(
        "paper_edit",
        "transcript",
        (".json",),
        f"{_T}.paper_edit",
        description="BBC digital paper edit JSON",
    )
)
register_format(
    Format(
        "draftjs",
        "transcript",
        (".json",),
        f"{_T}.draftjs",
        description="Draft.js JSON of web transcript editors",
    )
)
register_format(
    Format(
        "docx",
        "transcript",
        (".docx",),
        f"{_T}.docx",
        description="Word: labelled paragraphs or a table of turns, with comments and changes",
    )
)
register_format(
    Format("webvtt", "transcript", (".vtt",), f"{_T}.webvtt", description="WebVTT captions")
)
register_format(Format("srt", "transcript", (".srt",), f"{_T}.srt", description="SubRip captions"))
register_format(
    Format("sbv", "transcript", (".sbv",), f"{_T}.sbv", description="SubViewer captions (YouTube)")
)
register_format(
    Format("xlsx", "transcript", (".xlsx",), f"{_T}.xlsx", description="Excel: a row per turn")
)
register_format(
    Format(
        "json",
        "transcript",
        (".json", ".jsonl", ".ndjson"),
        f"{_T}.json_rows",
        description="JSON or JSON Lines with an object per turn",
    )
)

# annotations: codings in and out
_A = "rupturecode.io.annotations"
register_format(
    Format(
        "coding-workbook",
        "annotations",
        (".xlsx", ".xlsm", ".ods"),
        f"{_A}.workbook",
        description="coding sheets and typed tables in Excel or OpenDocument",
    )
)
register_format(
    Format(
        "wide-csv",
        "annotations",
        (".csv", ".tsv"),
        f"{_A}.wide_csv",
        description="a row per turn, a column per code; coding sheets saved as CSV",
    )
)
register_format(
    Format(
        "long-csv",
        "annotations",
        (".csv", ".tsv"),
        f"{_A}.long_csv",
        description="a row per code given, with tables of coverage and links beside it",
    )
)
register_format(
    Format(
        "qdpx",
        "annotations",
        (".qdpx", ".qde"),
        f"{_A}.qdpx",
        description="REFI-QDA project (NVivo, MAXQDA, ATLAS.ti, QualCoder)",
    )
)
register_format(
    Format(
        "elan",
        "annotations",
        (".eaf",),
        f"{_A}.elan",
        description="ELAN tiers, one per code, speaker and coder",
    )
)
register_format(
    Format(
        "textgrid",
        "annotations",
        (".textgrid",),
        f"{_A}.textgrid",
        description="Praat TextGrid tiers, one per code, speaker and coder",
    )
)
register_format(
    Format(
        "taguette",
        "annotations",
        (".sqlite3", ".sqlite", ".db"),
        f"{_A}.taguette",
        description="Taguette project (SQLite): highlights and their tags",
    )
)
register_format(
    Format(
        "qualcoder",
        "annotations",
        (".qda",),
        f"{_A}.qualcoder",
        description="QualCoder project: data.qda in its folder",
    )
)
register_format(
    Format(
        "doccano",
        "annotations",
        (".jsonl", ".json"),
        f"{_A}.doccano",
        description="doccano labels on documents and stretches",
    )
)
register_format(
    Format(
        "labelstudio",
        "annotations",
        (".json",),
        f"{_A}.labelstudio",
        description="Label Studio tasks with annotations",
    )
)
register_format(
    Format(
        "inception",
        "annotations",
        (".xmi", ".zip"),
        f"{_A}.inception",
        description="INCEpTION and WebAnno: UIMA XMI, also zipped per annotator",
    )
)
register_format(
    Format(
        "maxqda",
        "annotations",
        (".csv", ".tsv"),
        f"{_A}.maxqda",
        description="MAXQDA table of coded segments; for Excel and PDF say the format",
    )
)
register_format(
    Format(
        "boris",
        "annotations",
        (".boris", ".json"),
        f"{_A}.boris",
        description="BORIS project: events of observations",
    )
)
register_format(
    Format(
        "datavyu",
        "annotations",
        (".opf",),
        f"{_A}.datavyu",
        description="Datavyu spreadsheet of cells with times",
    )
)
register_format(
    Format(
        "chat",
        "annotations",
        (".cha",),
        f"{_A}.chat",
        description="CHAT dependent tiers, %cod and one %x tier per coder",
    )
)
register_format(
    Format(
        "convokit",
        "annotations",
        (".zip", ".jsonl"),
        f"{_A}.convokit",
        description="ConvoKit corpus with codes in its metadata, by coder",
    )
)
register_format(
    Format(
        "gseq",
        "annotations",
        (".sds",),
        f"{_A}.gseq",
        description="GSEQ sequences of events, multievents, timed events and states",
    )
)

# codebooks
_C = "rupturecode.io.codebooks"
register_format(
    Format("yaml", "codebook", (".yaml", ".yml"), f"{_C}.yaml", description="YAML, the home format")
)
register_format(
    Format("csv", "codebook", (".csv", ".tsv"), f"{_C}.csv", description="a row per code")
)
register_format(
    Format("xlsx", "codebook", (".xlsx",), f"{_C}.xlsx", description="workbook, a sheet per part")
)
register_format(
    Format(
        "qdc",
        "codebook",
        (".qdc",),
        f"{_C}.qdc",
        description="REFI-QDA codebook (NVivo, MAXQDA, ATLAS.ti, QualCoder, Taguette)",
    )
)
