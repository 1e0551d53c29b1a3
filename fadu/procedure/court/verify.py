"""核验案卷导出文件：只需要 Python 3.8 以上，不联网，不装别的软件。用法见 README.txt：
python3 verify.py [--published seals.json] [--seal 2026-03-02=封存值] [文件夹]   不通过的，退出码为 1，并指出第一处
"""

import hashlib
import json
import os
import sys
from datetime import datetime, timedelta

ZERO, KINDS = "0" * 64, {"paper": "文书", "evidence": "证据"}


def check(right, text):
    """Go on when it is right, else say the first fault and end."""
    if not right:
        say("核验不通过：" + text)
        sys.exit(1)


def say(text):
    """One line for the reader, whatever the terminal can show."""
    sys.stdout.buffer.write(text.encode(sys.stdout.encoding or "utf-8", "replace") + b"\n")


def load(folder, name):
    """A JSON file of the export, or one value a line."""
    try:
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            return [json.loads(line) for line in file] if name.endswith(".jsonl") else json.load(file)
    except (OSError, ValueError) as error:
        check(False, f"读不出 {name}（{error}）")


def sha256(data):
    """The hash of some bytes."""
    return hashlib.sha256(data).digest()


def check_files(folder, manifest):
    """Every listed file is there and unchanged, and no other lies among them."""
    listed = {one["path"]: one for one in manifest["files"]}
    for path, one in listed.items():
        check(not os.path.isabs(path) and ".." not in path.split("/"), f"清单所列路径 {path} 不合规")
        digest, file_path = hashlib.sha256(), os.path.join(folder, *path.split("/"))
        check(os.path.isfile(file_path), f"缺少文件 {path}（{one['title']}）")
        with open(file_path, "rb") as file:
            for chunk in iter(lambda file=file: file.read(1 << 20), b""):
                digest.update(chunk)
        check(digest.hexdigest() == one["sha256"], f"文件 {path}（{one['title']}）的内容与清单所载散列值不符")
    for part in ("record", "papers", "evidence"):
        for name in os.listdir(os.path.join(folder, part)) if os.path.isdir(os.path.join(folder, part)) else ():
            check(f"{part}/{name}" in listed, f"多出清单没有的文件 {part}/{name}")


def check_entries(chain, entries):
    """The chain of hashes, reckoned anew from what each entry says; answers the hashes of papers and evidence in it."""
    before, named = ZERO, {"paper": set(), "evidence": set()}
    for place, entry in enumerate(entries, 1):
        check((entry["chain"], entry["seq"]) == (chain, place), f"过程记录第{place}号处缺少、多出或者调换了记录")
        check(entry["prev_hash"] == before, f"过程记录第{place}号与前一号不衔接")
        text = b"fadu-record-1\n"
        for part in (chain, str(place), before, entry["recorded_at"], entry["body"]):
            text += b"%d:%s\n" % (len(part.encode()), part.encode())
        before = sha256(text).hex()
        check(entry["hash"] == before, f"过程记录第{place}号的内容与散列值不符")
        body = json.loads(entry["body"])
        named["paper"].update(paper["sha256"] for paper in body["papers"] if paper.get("sha256"))
        if body["act"] == "record.keep_evidence":
            named["evidence"].add(body["after"]["sha256"])
    return named


def check_named(manifest, named):
    """What the record names is in the folder, and what is in the folder the record names."""
    for kind, word in KINDS.items():
        there = {one["sha256"]: one["path"] for one in manifest["files"] if one["kind"] == kind}
        for digest in sorted(named[kind] ^ set(there)):
            check(digest in there, f"过程记录所载的{word}（散列值 {digest}）不在导出文件中")
            check(digest in named[kind], f"{word} {there.get(digest)} 未见于过程记录")


def check_seals(seals):
    """Each seal fits what it says and the seal before it; answers them by day."""
    before, by_day = ZERO, {}
    for one in seals:
        text = f"fadu-seal-1\n{one['day']}\n{one['entries']}\n{one['root']}\n{one['previous']}\n"
        check((one["previous"], one["seal"]) == (before, sha256(text.encode()).hex()), f"{one['day']}的封存值不符")
        before, by_day[one["day"]] = one["seal"], one
    return by_day


def check_proof(entry, proof, seals):
    """The path leads from the entry to the root of its day (RFC 6962)."""
    seal, index, last = seals.get(proof["day"]), proof["index"], proof["size"] - 1
    fits = seal is not None and proof["size"] == seal["entries"] and 0 <= index <= last
    check(fits, f"过程记录第{entry['seq']}号的存在证明没有对应的封存")
    node, path = sha256(b"\x00" + bytes.fromhex(entry["hash"])), [bytes.fromhex(one) for one in proof["path"]]
    while last and path:
        if index % 2 or index < last:
            other = path.pop(0)
            node = sha256(b"\x01" + (other + node if index % 2 else node + other))
        index, last = index // 2, last // 2
    proven = not last and not path and node.hex() == seal["root"]
    check(proven, f"过程记录第{entry['seq']}号不在{proof['day']}封存的内容之中")


def main(arguments):
    """Check one thing after another; the first fault ends it."""
    published, folder = {}, os.path.dirname(os.path.abspath(__file__))
    while arguments:
        word = arguments.pop(0)
        if word == "--published" and arguments:
            published.update((one["day"], one["seal"]) for one in load("", arguments.pop(0))["seals"])
        elif word == "--seal" and arguments and "=" in arguments[0]:
            published.update([arguments.pop(0).strip().lower().split("=", 1)])
        elif os.path.isdir(word):
            folder = word
        else:
            sys.exit(__doc__)
    manifest = load(folder, "manifest.json")
    check(manifest.get("format") == "fadu-export-1", "manifest.json 不是本程序认识的格式")
    check_files(folder, manifest)
    entries, chain = load(folder, "record/entries.jsonl"), manifest["matter"]["chain"]
    check(0 < len(entries) == manifest["entries"], f"过程记录应有{manifest['entries']}条，实有{len(entries)}条")
    check_named(manifest, check_entries(chain, entries))
    seals, proofs = check_seals(load(folder, "record/seals.json")["seals"]), load(folder, "record/proofs.json")
    proven = [entry for entry in entries if str(entry["seq"]) in proofs]
    for entry in proven:
        check_proof(entry, proofs[str(entry["seq"])], seals)
    exported = datetime.fromisoformat(manifest["exported_at"])
    for entry in entries[len(proven) :]:
        moment = datetime.fromisoformat(entry["recorded_at"].rstrip("Z")) + timedelta(hours=8)
        recent = moment.date().isoformat() >= max([(exported - timedelta(days=1)).date().isoformat(), *seals])
        check(recent and entry not in proven, f"过程记录第{entry['seq']}号或者之前的记录应当已经封存，却没有证明")
    days = sorted({proof["day"] for proof in proofs.values()})
    for day in days if published else ():
        check(published.get(day) == seals[day]["seal"], f"{day}的封存值与公布的不符，或者没有公布")
    say(f"事项：{manifest['matter']['title']}（{chain}），{exported:%Y-%m-%d %H:%M}导出")
    say(f"过程记录：{len(entries)}条，逐条重算散列值，前后相连，没有缺漏。")
    say(f"文书、证据：{sum(one['kind'] in KINDS for one in manifest['files'])}个文件与清单和过程记录所载一致。")
    say(f"每日封存：{len(proven)}条记录包含在{len(days)}日的封存之中，{len(entries) - len(proven)}条导出时尚未封存。")
    if not published:
        say(f"注意：没有与公布的封存值核对。请从 {manifest['published_at']} 取得 seals.json 再核验，或者逐日核对：")
        say("\n".join(f"  {day}  {seals[day]['seal']}" for day in days))
    say("核验通过。" if published else "核验通过（未与公布的封存值核对）。")


if __name__ == "__main__":
    main(sys.argv[1:])
