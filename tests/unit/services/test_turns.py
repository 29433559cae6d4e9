"""Turns: so many at a time, the others wait."""

import threading
import time

import pytest

from ckanext.cpdi.selection.errors import BusyError
from ckanext.cpdi.services.http.turns import turn


def test_no_more_than_the_places_run_at_a_time(tmp_path):
    at_work, most, lock = 0, 0, threading.Lock()

    def work() -> None:
        nonlocal at_work, most
        with turn(tmp_path, places=2, patience=20):
            with lock:
                at_work += 1
                most = max(most, at_work)
            time.sleep(0.2)
            with lock:
                at_work -= 1

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_who_waits_too_long_is_told_so(tmp_path):
    with turn(tmp_path, places=1), pytest.raises(BusyError, match="ask again"), turn(tmp_path, 1, patience=0):
        pass


def test_a_turn_is_given_back_after_an_error(tmp_path):
    with pytest.raises(ValueError, match="broken"), turn(tmp_path, places=1):
        raise ValueError("broken")
    with turn(tmp_path, places=1, patience=0):
        pass
