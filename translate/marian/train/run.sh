#!/usr/bin/env bash
# The recipe's steps in their order; every one can be repeated, and goes on where it stopped.
#
#   run.sh text BITEXT WORK EVAL...   filter, weight and shard the bitext, without the evaluation texts' overlap
#   run.sh vocabulary WORK            train the SentencePiece vocabulary
#   run.sh train WORK BUDGET STOP     train: BUDGET minutes over all calls, STOP minutes in this one
#   run.sh finish WORK MINUTES        fine-tune for int8 if training has not done so, export, measure
#
# WORK holds text/ (shards, also in folders below), vocab.fren.spm, then tables.pt, run/, quantized/, fren/.
# Environment: PYTHON, CONFIG (configs/base.json), DEV_SOURCE and DEV_REFERENCE (a development set), WORKERS, TRAIN_FLAGS.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3} config=${CONFIG:-$here/configs/base.json} workers=${WORKERS:-$(($(nproc) > 4 ? $(nproc) - 4 : 1))}
export OMP_WAIT_POLICY=passive PYTHONUNBUFFERED=1
step=${1:?"step: text, vocabulary, train or finish"} work=${2:?folder}
eval=()
[ -z "${DEV_SOURCE:-}" ] || eval=(--eval "$DEV_SOURCE" "$DEV_REFERENCE")
common=(--config "$config" --text "$work/text" --vocab "$work/vocab.fren.spm" --tables "$work/tables.pt" --workers "$workers")
case $step in
text)
	bitext=$2 work=$3
	shift 3
	"$python" "$here/corpus.py" --bitext "$bitext" --bitext "$here/../../bitext" --out "$work/text" $(printf -- ' --eval %s' "$@")
	;;
vocabulary)
	"$python" "$here/vocabulary.py" --text "$work/text" --out "$work/vocab.fren.spm" --pieces "${PIECES:-16000}"
	;;
train)
	if [ ! -e "$work/tables.pt" ]; then
		"$python" "$here/align.py" --text "$work/text" --vocab "$work/vocab.fren.spm" --out "$work/tables.pt" --pairs "${ALIGN_PAIRS:-1000000}" --workers "$workers"
	fi
	"$python" "$here/train.py" "${common[@]}" --out "$work/run" --budget "${3:?minutes in all}" --stop "${4:-100000}" "${eval[@]}" ${TRAIN_FLAGS:-}
	;;
finish)
	model=$work/run/average.pt # it has its alphas where the run went over to int8 itself
	if ! "$python" -c 'import sys, torch; sys.exit("alphas" not in torch.load(sys.argv[1], map_location="cpu"))' "$model"; then
		"$python" "$here/quantize.py" "${common[@]}" --run "$work/run" --out "$work/quantized" --minutes "${3:-3}" "${eval[@]}"
		model=$work/quantized/average.pt
	fi
	"$python" "$here/export.py" --model "$model" --vocab "$work/vocab.fren.spm" --tables "$work/tables.pt" --out "$work/fren"
	if [ ${#eval[@]} -gt 0 ]; then
		"$python" "$here/evaluate.py" --model "$model" --vocab "$work/vocab.fren.spm" --tables "$work/tables.pt" --out "$work/dev.en" "${eval[@]}"
	fi
	;;
*)
	sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
	exit 2
	;;
esac
